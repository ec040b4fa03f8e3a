/* Quantities of Kubernetes. Pure. */
#ifndef BACKEND_KUBE_QUANTITY_H
#define BACKEND_KUBE_QUANTITY_H

#include <stdint.h>

/* "10Gi", "500M", "1e3": bytes; 0 when it is none. */
int64_t quantity_bytes(const char *text);

#endif
