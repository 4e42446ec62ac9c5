/* The benchmark's protocol for programs in C: one flat JSON object a line comes in, one goes out. See scripts/bench/protocol.ts. */
#ifndef PROTOCOL_H
#define PROTOCOL_H
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double microseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec * 1e-3;
}

static inline void fail(const char *why) {
  printf("{\"ok\":false,\"error\":\"%s\"}\n", why);
  exit(1);
}

/* What stands behind a key, or NULL. */
static inline const char *value_of(const char *line, const char *key) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\"%s\":", key);
  const char *at = strstr(line, quoted);
  return at == NULL ? NULL : at + strlen(quoted);
}
static inline double number_of(const char *line, const char *key, double otherwise) {
  const char *at = value_of(line, key);
  return at == NULL ? otherwise : strtod(at, NULL);
}
static inline int is(const char *line, const char *key, const char *word) {
  const char *at = value_of(line, key);
  return at != NULL && at[0] == '"' && strncmp(at + 1, word, strlen(word)) == 0 && at[1 + strlen(word)] == '"';
}
/* A list of whole numbers; how many there are. */
static inline int numbers_of(const char *line, const char *key, int *out, int most) {
  const char *at = value_of(line, key);
  int count = 0;
  if (at == NULL || *at != '[') fail("a list is missing");
  for (at++; *at != ']' && *at != '\0' && count < most; count++) {
    char *end;
    out[count] = (int)strtol(at, &end, 10);
    at = *end == ',' ? end + 1 : end;
  }
  return count;
}
static inline void text_of(const char *line, const char *key, char *out, size_t most) {
  const char *at = value_of(line, key);
  if (at == NULL || *at != '"') fail("a text is missing");
  const char *end = strchr(at + 1, '"');
  size_t length = end == NULL ? 0 : (size_t)(end - at - 1);
  if (length >= most) fail("a text is too long");
  memcpy(out, at + 1, length);
  out[length] = '\0';
}

static inline void *zeroed(size_t bytes) {
  void *p = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
  if (p == NULL) fail("no memory");
  memset(p, 0, bytes);
  return p;
}
#endif
