/* A network of dense layers over a BLAS: rows of the batch are split between threads forwards and backwards, rows of the weights
   for their gradients and the optimizer; two barriers a step. */
#include "step.h"

static float *acts[MOST_LAYERS + 1], *deltas[MOST_LAYERS + 1];
static float losses[MOST_THREADS][16];

static void prepare(Job *job) {
  for (int l = 1; l <= job->layers; l++) {
    acts[l] = zeroed(sizeof(float) * job->batch * job->sizes[l]);
    deltas[l] = l == job->layers ? acts[l] : zeroed(sizeof(float) * job->batch * job->sizes[l]);
  }
}

static int offset_of(const Job *job, int layer) {
  int at = 0;
  for (int l = 0; l < layer; l++) at += job->sizes[l] * job->sizes[l + 1] + job->sizes[l + 1];
  return at;
}

static void bias_and_relu(float *restrict z, const float *restrict bias, int rows, int width, int relu) {
  for (int r = 0; r < rows; r++, z += width)
    for (int j = 0; j < width; j++) {
      float sum = z[j] + bias[j];
      z[j] = relu && sum < 0 ? 0 : sum;
    }
}

/* What goes into a layer: the batch, or what the layer before gave. */
static const float *into(const Job *job, const float *x, int layer, int from) {
  return (layer == 0 ? x : acts[layer]) + (size_t)from * job->sizes[layer];
}

static void forwards(Job *job, const float *x, int from, int to, Split *split) {
  for (int l = 0; l < job->layers; l++) {
    int in = job->sizes[l], out = job->sizes[l + 1];
    const float *w = job->params + offset_of(job, l);
    float *z = acts[l + 1] + (size_t)from * out;
    gemm(0, 0, to - from, out, in, into(job, x, l, from), in, w, out, 0, z, out, split);
    bias_and_relu(z, w + (size_t)in * out, to - from, out, l + 1 < job->layers);
  }
}

static void backwards(Job *job, int from, int to, Split *split) {
  for (int l = job->layers - 1; l > 0; l--) {
    int in = job->sizes[l], out = job->sizes[l + 1];
    float *restrict d = deltas[l] + (size_t)from * in;
    const float *restrict a = acts[l] + (size_t)from * in;
    gemm(0, 1, to - from, in, out, deltas[l + 1] + (size_t)from * out, out, job->params + offset_of(job, l), out, 0, d, in, split);
    for (int i = 0; i < (to - from) * in; i++) d[i] = a[i] > 0 ? d[i] : 0;
  }
}

/* Gradient and update of this thread's rows of every layer's weights; the first has the biases. */
static void learn(Job *job, const float *x, int rank, Split *split) {
  for (int l = 0; l < job->layers; l++) {
    int in = job->sizes[l], out = job->sizes[l + 1], at = offset_of(job, l);
    int from = first_of(in, rank, job->threads, 16), to = first_of(in, rank + 1, job->threads, 16);
    gemm(1, 0, to - from, out, job->batch, into(job, x, l, 0) + from, in, deltas[l + 1], out, 0, job->grads + at + (size_t)from * out, out, split);
    update(job, at + from * out, at + to * out, split);
    if (rank > 0) continue;
    float *restrict b = job->grads + at + (size_t)in * out;
    memset(b, 0, sizeof(float) * out);
    for (int r = 0; r < job->batch; r++)
      for (int j = 0; j < out; j++) b[j] += deltas[l + 1][(size_t)r * out + j];
    update(job, at + in * out, at + in * out + out, split);
  }
}

static float step(Job *job, int at, int rank, Split *split) {
  int from = first_of(job->batch, rank, job->threads, 1), to = first_of(job->batch, rank + 1, job->threads, 1);
  const float *x = job->x + (size_t)at * job->batch * job->sizes[0];
  forwards(job, x, from, to, split);
  if (!job->training) {
    barrier(job);
    return 0;
  }
  int classes = job->sizes[job->layers];
  losses[rank][0] = cross_entropy(acts[job->layers], classes, job->y_classes + (size_t)at * job->batch, from, to, job->batch);
  backwards(job, from, to, split);
  barrier(job);
  learn(job, x, rank, split);
  barrier(job);
  float loss = 0;
  for (int t = 0; t < job->threads; t++) loss += losses[t][0];
  return loss / job->batch;
}

static const float *outputs(Job *job) { return acts[job->layers]; }

const Network mlp = {prepare, step, outputs};
