#pragma once
// The setters are called through the inline functions below, which give each option its type; curl's own
// compile-time check needs the option as a constant and would only get in the way.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// curl's setters and getters are variadic, which Swift cannot call: one inline function per type of argument.

typedef size_t (*curl_shim_receiver)(char *, size_t, size_t, void *);

static inline CURLcode curl_shim_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_shim_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_shim_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_shim_set_bytes(CURL *easy, CURLoption option, const void *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_shim_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_shim_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_shim_set_receiver(CURL *easy, CURLoption option, curl_shim_receiver value) {
  return curl_easy_setopt(easy, option, value);
}
// The bytes are copied.
static inline CURLcode curl_shim_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count) {
  struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
  return curl_easy_setopt(easy, option, &blob);
}
static inline CURLMcode curl_shim_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode curl_shim_multi_set_sockets(CURLM *multi, curl_socket_callback told, void *context) {
  CURLMcode result = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  return result != CURLM_OK ? result : curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, told);
}
static inline CURLMcode curl_shim_multi_set_timer(CURLM *multi, curl_multi_timer_callback told, void *context) {
  CURLMcode result = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
  return result != CURLM_OK ? result : curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, told);
}
// The header defines it with a cast.
static inline curl_socket_t curl_shim_timeout_socket(void) { return CURL_SOCKET_TIMEOUT; }
// The result is one member of a union.
static inline CURLcode curl_shim_result(const CURLMsg *message) { return message->data.result; }
// A value that the write callback may answer; the header defines it as an unsigned macro.
static inline size_t curl_shim_pause(void) { return CURL_WRITEFUNC_PAUSE; }
