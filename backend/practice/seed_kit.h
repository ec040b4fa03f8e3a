/* Pieces that several seeds put objects together from. */
#ifndef BACKEND_PRACTICE_SEED_KIT_H
#define BACKEND_PRACTICE_SEED_KIT_H

#include "backend/practice/world.h"

/* Whose object it is: the labels and annotations KOTS gives (spec/kots-snapshots.md 2.8). */
enum seed_owner { SEED_NOBODY, SEED_OF_CONSOLE, SEED_OF_APP, SEED_OF_GATEWAY, SEED_OF_VELERO };

/* {"metadata":{name, namespace, labels}} for that owner. namespace "" for cluster-scoped. Owned. */
struct json *seed_object(const char *namespace, const char *name, enum seed_owner owner);
/* Puts it into the cluster; takes over object. */
enum status seed_put(struct world *world, const char *resource, struct json *object,
		     struct error *err);
/* The same from YAML text, whose metadata gets the owner's labels. */
enum status seed_put_yaml(struct world *world, const char *resource, const char *text,
			  enum seed_owner owner, struct error *err);
/* data: pairs key, value, ended by NULL; values of a Secret are encoded. */
enum status seed_put_data(struct world *world, const char *resource, const char *namespace,
			  const char *name, enum seed_owner owner, const char *const *data);
void seed_put_owner(struct json *metadata, enum seed_owner owner);

#endif
