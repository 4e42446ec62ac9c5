/* What the machine can do: arithmetic of 128, 256 and 512 bits in registers, and bandwidth of memory; on one thread or several. */
#include "protocol.h"
#include <pthread.h>
#include <stdatomic.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define KEEP(v) __asm__ volatile("" : "+x"(v))
#define FMA128(a, b, c) _mm_fmadd_ps(a, b, c)
#define FMA256(a, b, c) _mm256_fmadd_ps(a, b, c)
#define FMA512(a, b, c) _mm512_fmadd_ps(a, b, c)
#ifdef __FMA__
#define HAS_FMA128
#define HAS_FMA256
#endif
#ifdef __AVX512F__
#define HAS_FMA512
#endif
#elif defined(__aarch64__)
#include <arm_neon.h>
#define KEEP(v) __asm__ volatile("" : "+w"(v))
#define FMA128(a, b, c) vfmaq_f32(c, a, b)
#define HAS_FMA128
#else
#define KEEP(v) __asm__ volatile("" : "+m"(v))
#endif

typedef float Four __attribute__((vector_size(16)));
typedef float Eight __attribute__((vector_size(32)));
typedef float Sixteen __attribute__((vector_size(64)));

enum { ROUNDS = 2000, CHAINS = 12 };

/* Twelve sums in registers that do not wait for each other; KEEP hides the operands, so that no product is shared between them. */
#define TWELVE(DO) DO(s0) DO(s1) DO(s2) DO(s3) DO(s4) DO(s5) DO(s6) DO(s7) DO(s8) DO(s9) DO(s10) DO(s11)
#define LOOP(NAME, TYPE, STEP)                                                    \
  static double NAME(void) {                                                      \
    TYPE a = (TYPE){0} + 1e-3f, b = a;                                            \
    TYPE s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a;  \
    TYPE s9 = a, s10 = a, s11 = a;                                                \
    double from = microseconds();                                                 \
    for (int r = 0; r < ROUNDS; r++) {                                            \
      TWELVE(STEP)                                                                \
    }                                                                             \
    double spent = microseconds() - from;                                         \
    return 2.0 * ROUNDS * CHAINS * (sizeof(TYPE) / sizeof(float)) / spent * 1e-3; \
  }
/* A product and a sum, each an instruction of its own. */
#define MULTIPLY_ADD(s) { __typeof__(s) p; KEEP(a); p = a * b; KEEP(p); s += p; KEEP(s); }
#define FUSED128(s) { KEEP(a); s = (Four)FMA128(a, b, s); KEEP(s); }
#define FUSED256(s) { KEEP(a); s = (Eight)FMA256(a, b, s); KEEP(s); }
#define FUSED512(s) { KEEP(a); s = (Sixteen)FMA512(a, b, s); KEEP(s); }

LOOP(mul_add_128, Four, MULTIPLY_ADD)
#ifdef HAS_FMA128
LOOP(fma_128, Four, FUSED128)
#endif
#ifdef HAS_FMA256
LOOP(mul_add_256, Eight, MULTIPLY_ADD)
LOOP(fma_256, Eight, FUSED256)
#endif
#ifdef HAS_FMA512
LOOP(fma_512, Sixteen, FUSED512)
#endif

static __thread float *memory[3];
static size_t length;

static double read_rate(void) {
  float sum = 0;
  double from = microseconds();
  for (int m = 0; m < 3; m++) {
    const float *restrict x = memory[m];
    for (size_t i = 0; i < length; i++) sum += x[i];
  }
  double spent = microseconds() - from;
  KEEP(sum);
  return 12.0 * length / spent * 1e-3;
}
/* Two read, one written, as an optimizer does. */
static double triad_rate(void) {
  float *restrict x = memory[0];
  const float *restrict y = memory[1], *restrict z = memory[2];
  double from = microseconds();
  for (size_t i = 0; i < length; i++) x[i] = y[i] + 0.5f * z[i];
  return 12.0 * length / (microseconds() - from) * 1e-3;
}

static double best(double (*measure)(void), double most) {
  double top = 0, until = microseconds() + most;
  do {
    double rate = measure();
    top = rate > top ? rate : top;
  } while (microseconds() < until);
  return top;
}

/* One measurement on several threads at once. */
typedef struct {
  double (*measure)(void);
  double most, rate;
  /* Of each of three arrays; none where only registers are used. */
  size_t bytes;
} Task;
static atomic_int ready;
static int needed;

static void *work(void *given) {
  Task *task = given;
  for (int i = 0; i < 3 && task->bytes > 0; i++) {
    memory[i] = zeroed(task->bytes);
    for (size_t j = 0; j < task->bytes / 4; j++) memory[i][j] = 1.0f + i;
  }
  atomic_fetch_add(&ready, 1);
  while (atomic_load(&ready) < needed) {
  }
  task->rate = best(task->measure, task->most);
  for (int i = 0; i < 3 && task->bytes > 0; i++) free(memory[i]);
  return NULL;
}
static double together(double (*measure)(void), int threads, double most, size_t bytes) {
  pthread_t ids[64];
  Task tasks[64];
  double sum = 0;
  atomic_store(&ready, 0);
  needed = threads;
  length = bytes / 4;
  for (int t = 0; t < threads; t++) tasks[t] = (Task){measure, most, 0, bytes};
  for (int t = 1; t < threads; t++) pthread_create(&ids[t], NULL, work, &tasks[t]);
  work(&tasks[0]);
  for (int t = 1; t < threads; t++) pthread_join(ids[t], NULL);
  for (int t = 0; t < threads; t++) sum += tasks[t].rate;
  return sum;
}

static void rates(int threads, double most) {
  printf("{\"ok\":true,\"mulAdd128\":%.3f", together(mul_add_128, threads, most, 0));
#ifdef HAS_FMA128
  printf(",\"fma128\":%.3f", together(fma_128, threads, most, 0));
#endif
#ifdef HAS_FMA256
  printf(",\"mulAdd256\":%.3f,\"fma256\":%.3f", together(mul_add_256, threads, most, 0), together(fma_256, threads, most, 0));
#endif
#ifdef HAS_FMA512
  printf(",\"fma512\":%.3f", together(fma_512, threads, most, 0));
#endif
  printf("}\n");
}

static void bandwidth(int threads, double most) {
  static const struct {
    const char *name;
    size_t bytes;
  } places[] = {{"256KB", 256u << 10}, {"3MB", 3u << 20}, {"256MB", 256u << 20}};
  printf("{\"ok\":true");
  for (int i = 0; i < 3; i++) {
    double read = together(read_rate, threads, most, places[i].bytes / 3);
    double triad = together(triad_rate, threads, most, places[i].bytes / 3);
    printf(",\"read%s\":%.3f,\"triad%s\":%.3f", places[i].name, read, places[i].name, triad);
  }
  printf("}\n");
}

int main(void) {
  static char line[4096];
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (fgets(line, sizeof line, stdin) != NULL) {
    int threads = (int)number_of(line, "threads", 1);
    double most = number_of(line, "milliseconds", 5) * 1000;
    if (threads > 64) threads = 64;
    if (is(line, "do", "peaks")) rates(threads, most);
    else if (is(line, "do", "bandwidth")) bandwidth(threads, most);
    else if (is(line, "do", "quit")) return 0;
    else fail("unknown request");
  }
  return 0;
}
