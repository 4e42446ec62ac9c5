/* The small convolutional network over a BLAS, image by image: patches side by side in rows, then a product of matrices. Images are
   split between threads; each sums its own gradients, which the first adds up. */
#include "step.h"

enum { K = 5, S1 = 28, C1 = 8, S2 = 14, C2 = 16, S3 = 7, FLAT = S3 * S3 * C2, CLASSES = 10 };
enum { W1 = K * K * C1, W2 = K * K * C1 * C2, AT_B1 = W1, AT_W2 = W1 + C1, AT_B2 = AT_W2 + W2, AT_W3 = AT_B2 + C2 };
enum { AT_B3 = AT_W3 + FLAT * CLASSES, COUNT = AT_B3 + CLASSES };

/* What one thread works in. */
typedef struct {
  float *patches, *spread, *conv, *wide, *back;
} Bench;
static Bench benches[MOST_THREADS];
static float *gradients[MOST_THREADS], *pooled1, *flat, *logits, *d_flat;
static uint8_t *argmax1, *argmax2;
static float losses[MOST_THREADS][16];

static void prepare(Job *job) {
  int b = job->batch;
  if (job->count != COUNT) fail("not the network that this was written for");
  for (int t = 0; t < job->threads; t++) {
    benches[t] = (Bench){zeroed(sizeof(float) * S2 * S2 * K * K * C1), zeroed(sizeof(float) * S2 * S2 * K * K * C1),
                         zeroed(sizeof(float) * S1 * S1 * C1), zeroed(sizeof(float) * S1 * S1 * C1), zeroed(sizeof(float) * S2 * S2 * C1)};
    gradients[t] = zeroed(sizeof(float) * COUNT);
  }
  pooled1 = zeroed(sizeof(float) * b * S2 * S2 * C1);
  flat = zeroed(sizeof(float) * b * FLAT);
  d_flat = zeroed(sizeof(float) * b * FLAT);
  logits = zeroed(sizeof(float) * b * CLASSES);
  argmax1 = zeroed(b * S2 * S2 * C1);
  argmax2 = zeroed(b * FLAT);
}

/* The 5x5 surroundings of every pixel, zeros outside: [size, size, c] -> [size * size, 25 c]. */
static void patches_of(const float *restrict x, int size, int c, float *restrict out) {
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++)
      for (int ky = 0; ky < K; ky++) {
        int row = i + ky - 2;
        for (int kx = 0; kx < K; kx++, out += c) {
          int col = j + kx - 2;
          if (row < 0 || row >= size || col < 0 || col >= size) memset(out, 0, sizeof(float) * c);
          else memcpy(out, x + (row * size + col) * c, sizeof(float) * c);
        }
      }
}
/* The transpose of it: adds every patch where it came from. */
static void gather_patches(const float *restrict patches, int size, int c, float *restrict x) {
  memset(x, 0, sizeof(float) * size * size * c);
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++)
      for (int ky = 0; ky < K; ky++) {
        int row = i + ky - 2;
        for (int kx = 0; kx < K; kx++, patches += c) {
          int col = j + kx - 2;
          if (row < 0 || row >= size || col < 0 || col >= size) continue;
          for (int k = 0; k < c; k++) x[(row * size + col) * c + k] += patches[k];
        }
      }
}

/* Bias, relu and the largest of four; which one it was, or 4 where relu let nothing through. */
static void pool(const float *restrict z, const float *restrict bias, int size, int c, float *restrict out, uint8_t *restrict which) {
  for (int i = 0; i < size; i += 2)
    for (int j = 0; j < size; j += 2, out += c, which += c) {
      const float *at = z + (i * size + j) * c;
      for (int k = 0; k < c; k++) {
        float a = at[k], b = at[c + k], d = at[size * c + k], e = at[size * c + c + k];
        float top = a, best;
        uint8_t index = 0;
        if (b > top) top = b, index = 1;
        if (d > top) top = d, index = 2;
        if (e > top) top = e, index = 3;
        best = top + bias[k];
        out[k] = best > 0 ? best : 0;
        which[k] = best > 0 ? index : 4;
      }
    }
}
/* The gradient before the pool. */
static void unpool(const float *restrict d, const uint8_t *restrict which, int size, int c, float *restrict out) {
  for (int i = 0; i < size; i += 2)
    for (int j = 0; j < size; j += 2, d += c, which += c) {
      float *at = out + (i * size + j) * c;
      for (int k = 0; k < c; k++) {
        at[k] = which[k] == 0 ? d[k] : 0;
        at[c + k] = which[k] == 1 ? d[k] : 0;
        at[size * c + k] = which[k] == 2 ? d[k] : 0;
        at[size * c + c + k] = which[k] == 3 ? d[k] : 0;
      }
    }
}
static void add_rows(const float *restrict rows, int count, int width, float *restrict sum) {
  for (int r = 0; r < count; r++)
    for (int j = 0; j < width; j++) sum[j] += rows[r * width + j];
}

static void forwards(Job *job, const float *x, int from, int to, Bench b, Split *split) {
  const float *p = job->params;
  for (int n = from; n < to; n++) {
    float *inner = pooled1 + (size_t)n * S2 * S2 * C1;
    patches_of(x + (size_t)n * S1 * S1, S1, 1, b.patches);
    gemm(0, 0, S1 * S1, C1, K * K, b.patches, K * K, p, C1, 0, b.conv, C1, split);
    pool(b.conv, p + AT_B1, S1, C1, inner, argmax1 + (size_t)n * S2 * S2 * C1);
    patches_of(inner, S2, C1, b.patches);
    gemm(0, 0, S2 * S2, C2, K * K * C1, b.patches, K * K * C1, p + AT_W2, C2, 0, b.conv, C2, split);
    pool(b.conv, p + AT_B2, S2, C2, flat + (size_t)n * FLAT, argmax2 + (size_t)n * FLAT);
  }
  gemm(0, 0, to - from, CLASSES, FLAT, flat + (size_t)from * FLAT, FLAT, p + AT_W3, CLASSES, 0, logits + from * CLASSES, CLASSES, split);
  for (int n = from; n < to; n++)
    for (int j = 0; j < CLASSES; j++) logits[n * CLASSES + j] += p[AT_B3 + j];
}

static void backwards(Job *job, const float *x, int from, int to, int rank, Bench b, Split *split) {
  const float *p = job->params;
  float *g = gradients[rank];
  memset(g, 0, sizeof(float) * COUNT);
  gemm(0, 1, to - from, FLAT, CLASSES, logits + from * CLASSES, CLASSES, p + AT_W3, CLASSES, 0, d_flat + (size_t)from * FLAT, FLAT, split);
  gemm(1, 0, FLAT, CLASSES, to - from, flat + (size_t)from * FLAT, FLAT, logits + from * CLASSES, CLASSES, 0, g + AT_W3, CLASSES, split);
  add_rows(logits + from * CLASSES, to - from, CLASSES, g + AT_B3);
  for (int n = from; n < to; n++) {
    unpool(d_flat + (size_t)n * FLAT, argmax2 + (size_t)n * FLAT, S2, C2, b.conv);
    add_rows(b.conv, S2 * S2, C2, g + AT_B2);
    patches_of(pooled1 + (size_t)n * S2 * S2 * C1, S2, C1, b.patches);
    gemm(1, 0, K * K * C1, C2, S2 * S2, b.patches, K * K * C1, b.conv, C2, 1, g + AT_W2, C2, split);
    gemm(0, 1, S2 * S2, K * K * C1, C2, b.conv, C2, p + AT_W2, C2, 0, b.spread, K * K * C1, split);
    gather_patches(b.spread, S2, C1, b.back);
    unpool(b.back, argmax1 + (size_t)n * S2 * S2 * C1, S1, C1, b.wide);
    add_rows(b.wide, S1 * S1, C1, g + AT_B1);
    patches_of(x + (size_t)n * S1 * S1, S1, 1, b.patches);
    gemm(1, 0, K * K, C1, S1 * S1, b.patches, K * K, b.wide, C1, 1, g, C1, split);
  }
}

static float step(Job *job, int at, int rank, Split *split) {
  const float *x = job->x + (size_t)at * job->batch * S1 * S1;
  int from = first_of(job->batch, rank, job->threads, 1), to = first_of(job->batch, rank + 1, job->threads, 1);
  forwards(job, x, from, to, benches[rank], split);
  if (!job->training) {
    barrier(job);
    return 0;
  }
  losses[rank][0] = cross_entropy(logits, CLASSES, job->y_classes + (size_t)at * job->batch, from, to, job->batch);
  backwards(job, x, from, to, rank, benches[rank], split);
  barrier(job);
  if (rank == 0) {
    memcpy(job->grads, gradients[0], sizeof(float) * COUNT);
    for (int t = 1; t < job->threads; t++) add_rows(gradients[t], 1, COUNT, job->grads);
    update(job, 0, COUNT, split);
  }
  barrier(job);
  float loss = 0;
  for (int t = 0; t < job->threads; t++) loss += losses[t][0];
  return loss / job->batch;
}

static const float *outputs(Job *job) { (void)job; return logits; }

const Network cnn = {prepare, step, outputs};
