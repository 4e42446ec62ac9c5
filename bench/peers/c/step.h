/* What the networks of the benchmark share: a job, its data, its parameters, and threads that walk through a step together. */
#ifndef STEP_H
#define STEP_H
#include "protocol.h"
#include <cblas.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>

enum { MOST_LAYERS = 16, MOST_THREADS = 64 };

typedef struct {
  int sizes[MOST_LAYERS + 1], layers, batch, batches, threads, training, adam, classes;
  float rate;
  /* Inputs and targets of all batches, one after the other. */
  float *x, *y_flags;
  int32_t *y_classes;
  int count;
  float *initial, *params, *grads, *first, *second;
  int steps;
} Job;

/* The pieces of a step whose time is told apart. */
typedef struct {
  double gemm, optimizer;
} Split;

/* One network: what it needs, and its step as one thread of several sees it. Rank 0 gives the loss. */
typedef struct {
  void (*prepare)(Job *job);
  float (*step)(Job *job, int at, int rank, Split *split);
  const float *(*outputs)(Job *job);
} Network;

extern const Network mlp, cnn, xor_network;

void barrier(const Job *job);

static inline int first_of(int whole, int rank, int threads, int grain) {
  int units = (whole + grain - 1) / grain, from = units * rank / threads * grain;
  return from < whole ? from : whole;
}

/* C[m, n] = A[m, k] B[k, n] + keep C, either transposed when asked. */
static inline void gemm(int ta, int tb, int m, int n, int k, const float *a, int lda, const float *b, int ldb, float keep, float *c,
                        int ldc, Split *split) {
  if (m <= 0) return;
  double from = split == NULL ? 0 : microseconds();
  if (m == 1 && !ta && !tb) cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1, b, ldb, a, 1, keep, c, 1);
  else cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1, a, lda, b, ldb, keep, c, ldc);
  if (split != NULL) split->gemm += microseconds() - from;
}

/* The optimizer's update of parameters from..to, in one pass. */
static inline void update(Job *job, int from, int to, Split *split) {
  float *restrict p = job->params, *restrict m = job->first, *restrict v = job->second;
  const float *restrict g = job->grads;
  double start = split == NULL ? 0 : microseconds();
  if (job->adam) {
    float t = (float)(job->steps + 1), b1 = 0.9f, b2 = 0.999f;
    float rate = job->rate / (1 - powf(b1, t)), scale = 1 / sqrtf(1 - powf(b2, t));
    for (int i = from; i < to; i++) {
      m[i] = b1 * m[i] + (1 - b1) * g[i];
      v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
      p[i] -= rate * m[i] / (sqrtf(v[i]) * scale + 1e-8f);
    }
  } else {
    float rate = job->rate;
    for (int i = from; i < to; i++) {
      m[i] = 0.9f * m[i] + g[i];
      p[i] -= rate * m[i];
    }
  }
  if (split != NULL) split->optimizer += microseconds() - start;
}

/* Softmax and cross-entropy of rows from..to: logits become their gradient of the mean over the batch. The sum of losses. */
static inline float cross_entropy(float *logits, int classes, const int32_t *labels, int from, int to, int batch) {
  float loss = 0;
  for (int r = from; r < to; r++) {
    float *row = logits + (size_t)r * classes, top = row[0], sum = 0;
    for (int j = 1; j < classes; j++) top = row[j] > top ? row[j] : top;
    float target = row[labels[r]] - top;
    for (int j = 0; j < classes; j++) sum += row[j] = expf(row[j] - top);
    loss += logf(sum) - target;
    for (int j = 0; j < classes; j++) row[j] = row[j] / sum / batch;
    row[labels[r]] -= 1.0f / batch;
  }
  return loss;
}
#endif
