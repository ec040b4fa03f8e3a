/* Certificates for tests: nobody has their keys. */
#ifndef TESTS_UNIT_BACKEND_KUBE_CERTIFICATES_H
#define TESTS_UNIT_BACKEND_KUBE_CERTIFICATES_H

/* valid to 2036-11-21T20:42:26Z (UTCTime) */
#define CERT_2036                                                                                  \
	"-----BEGIN CERTIFICATE-----\n"                                                            \
	"MIIBvTCCAWOgAwIBAgIUU24zU+iFGrBi7j83t1Se7w5jH5wwCgYIKoZIzj0EAwIw\n"                       \
	"NDEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxGTAXBgNVBAMMEGt1YmVybmV0ZXMt\n"                       \
	"YWRtaW4wHhcNMjYxMTI0MjA0MjI2WhcNMzYxMTIxMjA0MjI2WjA0MRcwFQYDVQQK\n"                       \
	"DA5zeXN0ZW06bWFzdGVyczEZMBcGA1UEAwwQa3ViZXJuZXRlcy1hZG1pbjBZMBMG\n"                       \
	"ByqGSM49AgEGCCqGSM49AwEHA0IABN6Hf+pe+YXdCWdg+6zIQZ5U5h+DMQvtyQRR\n"                       \
	"81Q9UnXJI0rS5ztfPSIn1szA0GynK6FRdUTRsoRmMPIQxCzcnKijUzBRMB0GA1Ud\n"                       \
	"DgQWBBQucZ01vVi20Bsj7yMLxP6najPe2zAfBgNVHSMEGDAWgBQucZ01vVi20Bsj\n"                       \
	"7yMLxP6najPe2zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDi\n"                       \
	"p4bJti5KChMh3URsZR3+kRkBwhhXlyQ9A6R9gWw3qgIgHm6YoxTl/NMV8eusTXt0\n"                       \
	"imjfoyU8GylmWjxyCL7lP9g=\n"                                                               \
	"-----END CERTIFICATE-----\n"

/* valid to 2081-08-27T20:42:26Z (GeneralizedTime) */
#define CERT_2081                                                                                  \
	"-----BEGIN CERTIFICATE-----\n"                                                            \
	"MIIBdDCCARugAwIBAgIUQVoZLCG49gLqjdxgGC08LRSnznIwCgYIKoZIzj0EAwIw\n"                       \
	"DzENMAsGA1UEAwwEbGF0ZTAgFw0yNjExMjQyMDQyMjZaGA8yMDgxMDgyNzIwNDIy\n"                       \
	"NlowDzENMAsGA1UEAwwEbGF0ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLHL\n"                       \
	"GspfbFx+MEKihRzzYZJvPHM/LAxSAC98vFWvOBGtDyzNFt9GqH3Tn8dc+7r/QwLM\n"                       \
	"21qrcmhOvmyTYZtTzdOjUzBRMB0GA1UdDgQWBBT96bJPbzYgQMu51kqzgPKHnimR\n"                       \
	"YTAfBgNVHSMEGDAWgBT96bJPbzYgQMu51kqzgPKHnimRYTAPBgNVHRMBAf8EBTAD\n"                       \
	"AQH/MAoGCCqGSM49BAMCA0cAMEQCIGWjUpQzWLiHOD7qZ+7egW1CfAfqBSjcmNYf\n"                       \
	"XPrU9QyuAiAHmFB5KCHzXy0IrKBwcoFUcqpguPD8LFyKabWOV25VZA==\n"                               \
	"-----END CERTIFICATE-----\n"

/* was valid to 2024-03-01T12:00:00Z */
#define CERT_EXPIRED                                                                               \
	"-----BEGIN CERTIFICATE-----\n"                                                            \
	"MIIBvTCCAWOgAwIBAgIUU24zU+iFGrBi7j83t1Se7w5jH5wwCgYIKoZIzj0EAwIw\n"                       \
	"NDEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxGTAXBgNVBAMMEGt1YmVybmV0ZXMt\n"                       \
	"YWRtaW4wHhcNMjYxMTI0MjA0MjI2WhcNMjQwMzAxMTIwMDAwWjA0MRcwFQYDVQQK\n"                       \
	"DA5zeXN0ZW06bWFzdGVyczEZMBcGA1UEAwwQa3ViZXJuZXRlcy1hZG1pbjBZMBMG\n"                       \
	"ByqGSM49AgEGCCqGSM49AwEHA0IABN6Hf+pe+YXdCWdg+6zIQZ5U5h+DMQvtyQRR\n"                       \
	"81Q9UnXJI0rS5ztfPSIn1szA0GynK6FRdUTRsoRmMPIQxCzcnKijUzBRMB0GA1Ud\n"                       \
	"DgQWBBQucZ01vVi20Bsj7yMLxP6najPe2zAfBgNVHSMEGDAWgBQucZ01vVi20Bsj\n"                       \
	"7yMLxP6najPe2zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDi\n"                       \
	"p4bJti5KChMh3URsZR3+kRkBwhhXlyQ9A6R9gWw3qgIgHm6YoxTl/NMV8eusTXt0\n"                       \
	"imjfoyU8GylmWjxyCL7lP9g=\n"                                                               \
	"-----END CERTIFICATE-----\n"

#endif
