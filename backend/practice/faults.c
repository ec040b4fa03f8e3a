#include "backend/practice/faults.h"

#include <string.h>

static const struct {
	const char *name;
	bool stays;
	const char *words;
} table[FAULT_COUNT] = {
#define FAULT_ROW(fault, name, stays, words) [fault] = { name, stays, words },
	FAULT_LIST(FAULT_ROW)
#undef FAULT_ROW
};

const char *fault_name(enum fault fault)
{
	return table[fault].name;
}

const char *fault_words(enum fault fault)
{
	return table[fault].words;
}

bool fault_stays(enum fault fault)
{
	return table[fault].stays;
}

bool fault_from_name(const char *name, enum fault *ret_fault)
{
	unsigned i;

	for (i = 0; i < FAULT_COUNT; i++) {
		if (strcmp(table[i].name, name) == 0) {
			*ret_fault = (enum fault)i;
			return true;
		}
	}
	return false;
}

void faults_set(struct faults *faults, enum fault fault)
{
	atomic_fetch_or(&faults->set, 1u << fault);
}

void faults_clear(struct faults *faults, enum fault fault)
{
	atomic_fetch_and(&faults->set, ~(1u << fault));
}

void faults_clear_all(struct faults *faults)
{
	atomic_store(&faults->set, 0);
}

bool faults_has(struct faults *faults, enum fault fault)
{
	return atomic_load(&faults->set) & (1u << fault);
}

bool faults_take(struct faults *faults, enum fault fault)
{
	return atomic_fetch_and(&faults->set, ~(1u << fault)) & (1u << fault);
}

void faults_add_names(struct faults *faults, struct strbuf *out)
{
	unsigned i;

	for (i = 0; i < FAULT_COUNT; i++) {
		if (faults_has(faults, (enum fault)i))
			strbuf_addf(out, "%s\n", table[i].name);
	}
}
