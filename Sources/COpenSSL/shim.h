#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

// Inline wrappers for OpenSSL's macros, variadics and typed stacks, which Swift cannot import.

static inline long copenssl_set_min_protocol(SSL_CTX *context, int version) {
  return SSL_CTX_set_min_proto_version(context, version);
}

static inline void copenssl_set_modes(SSL_CTX *context) {
  // Release buffers: an idle connection holds no record buffers (about 34 KB less). Partial and moving writes: the
  // caller keeps its own output buffer and may grow it between two attempts. No automatic chain: the files hold the whole
  // chain, and OpenSSL would look for one anew, with a verification, in every handshake.
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

/// No session cache, and no tickets but for sessions that copenssl_allow_tickets has seen. Compression and renegotiation are
/// off because no client of this server needs them. A peer that hangs up without close_notify counts as closed: HTTP's own
/// lengths tell whether something is missing.
static inline void copenssl_set_options(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
}

/// One ticket for each handshake of this session: it is used once (RFC 8446, appendix C.4), and a resumed one brings the next.
static inline void copenssl_allow_tickets(SSL *ssl) {
  SSL_clear_options(ssl, SSL_OP_NO_TICKET);
  SSL_set_num_tickets(ssl, 1);
}

static inline void copenssl_disable_session_cache(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void copenssl_set_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

static inline long copenssl_set_groups(SSL_CTX *context, const char *names) {
  return SSL_CTX_set1_groups_list(context, names);
}

static inline long copenssl_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
  return SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int copenssl_error_is_end_of_pem(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

/// Writes a name as RFC 2253 has it, with UTF-8 left as it is.
static inline int copenssl_print_name(BIO *bio, const X509_NAME *name) {
  return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

static inline EVP_PKEY *copenssl_make_p256_key(void) { return EVP_EC_gen("P-256"); }

static inline long copenssl_memory_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

static inline int copenssl_no_passphrase(char *buffer, int size, int writing, void *context) {
  (void)buffer, (void)size, (void)writing, (void)context;
  return -1;
}

/// Reads a private key; an encrypted one fails instead of asking on the terminal.
static inline EVP_PKEY *copenssl_read_private_key(BIO *bio) {
  return PEM_read_bio_PrivateKey(bio, NULL, copenssl_no_passphrase, NULL);
}

static inline X509 *copenssl_read_certificate(BIO *bio) {
  return PEM_read_bio_X509(bio, NULL, copenssl_no_passphrase, NULL);
}

static inline int copenssl_write_private_key(BIO *bio, EVP_PKEY *key) {
  return PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
}

static inline int copenssl_add_common_name(X509_NAME *name, const unsigned char *text, int length) {
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text, length, -1, 0);
}

/// Adds one v3 extension in OpenSSL's text syntax; returns 0 on failure.
static inline int copenssl_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

/// Gives the certificate a random positive serial number of 127 bits (RFC 5280 allows 20 octets).
static inline int copenssl_set_random_serial(X509 *certificate) {
  BIGNUM *number = BN_new();
  int done = number != NULL && BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
             BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
  BN_free(number);
  return done;
}

/// Seconds since the epoch, or INT64_MIN when the field is malformed.
static inline int64_t copenssl_seconds(const ASN1_TIME *time) {
  struct tm parts;
  if (time == NULL || !ASN1_TIME_to_tm(time, &parts)) return INT64_MIN;
  return (int64_t)timegm(&parts);
}

static inline void copenssl_free_names(GENERAL_NAMES *names) { sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free); }

static inline int copenssl_name_count(const GENERAL_NAMES *names) { return names ? sk_GENERAL_NAME_num(names) : 0; }

/// The bytes of a DNS name or an IP address of the list; NULL for names of other kinds.
static inline const unsigned char *copenssl_name(const GENERAL_NAMES *names, int index, int *is_address, int *length) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  const ASN1_STRING *value = NULL;
  if (name->type == GEN_DNS) value = name->d.dNSName;
  if (name->type == GEN_IPADD) value = name->d.iPAddress;
  if (value == NULL) return NULL;
  *is_address = name->type == GEN_IPADD;
  *length = ASN1_STRING_length(value);
  return ASN1_STRING_get0_data(value);
}

/// Verifies a certificate for server use at a time; returns X509_V_OK or the reason.
static inline int copenssl_verify(X509 *leaf, X509_STORE *store, X509 *const *extra, int extra_count, int64_t at) {
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  STACK_OF(X509) *untrusted = sk_X509_new_null();
  int result = X509_V_ERR_OUT_OF_MEM;
  if (context != NULL && untrusted != NULL) {
    for (int i = 0; i < extra_count; i++) sk_X509_push(untrusted, extra[i]);
    if (X509_STORE_CTX_init(context, store, leaf, untrusted)) {
      X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
      X509_STORE_CTX_set_time(context, 0, (time_t)at);
      result = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
      if (result == X509_V_OK && X509_STORE_CTX_get_error(context) != X509_V_OK) result = X509_V_ERR_UNSPECIFIED;
    }
  }
  sk_X509_free(untrusted);
  X509_STORE_CTX_free(context);
  return result;
}

/// Adds the certificate's subject to the names of authorities that a client is asked for.
static inline int copenssl_add_client_authority(SSL_CTX *context, X509 *certificate) {
  return SSL_CTX_add_client_CA(context, certificate);
}

/// Tells the server which name the client called (RFC 6066, section 3).
static inline long copenssl_set_server_name(SSL *ssl, const char *name) { return SSL_set_tlsext_host_name(ssl, name); }
