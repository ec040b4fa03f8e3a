/* The CRDs of Velero 1.18 (velero: config/crd) in a short notation that schema.c walks:
 *   s text  i integer  b truth  t date and time  x anything  [T] list  <T> map of  @NAME one of the
 * shared ones s(A|B) one of these  {name:T,name!:T} fields, ! = required */
#ifndef BACKEND_PRACTICE_SCHEMA_VELERO_H
#define BACKEND_PRACTICE_SCHEMA_VELERO_H

/* NULL when the resource (or shared name) has none. */
const char *schema_velero_find(const char *name);

#endif
