/* The one thing we read in a certificate ourselves: when it expires. kubeadm's live for a year, and
 * an API server says no more than "Unauthorized" to one that is over. Pure. */
#ifndef BACKEND_KUBE_X509_H
#define BACKEND_KUBE_X509_H

#include <stdint.h>

/* Unix seconds of notAfter of the first certificate in the PEM text; 0 when there is none or it
 * cannot be read. */
int64_t x509_not_after(const char *pem);

#endif
