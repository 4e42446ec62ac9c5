/* The smallest network, 2-8-1 on four rows: plain loops of constant length, since a call of a BLAS costs more than its sums. */
#include "step.h"

enum { ROWS = 4, IN = 2, HID = 8 };

static void prepare(Job *job) {
  if (job->batch != ROWS || job->sizes[0] != IN || job->sizes[1] != HID || job->sizes[2] != 1) fail("only 2-8-1 on four rows");
}

static float step(Job *job, int at, int rank, Split *split) {
  const float *restrict x = job->x + at * ROWS * IN, *restrict y = job->y_flags + at * ROWS;
  const float *restrict w = job->params, *restrict b = w + IN * HID, *restrict u = b + HID, *restrict c = u + HID;
  float *restrict g = job->grads;
  float h[ROWS][HID], z[ROWS], d[ROWS], loss = 0;
  (void)rank;
  for (int r = 0; r < ROWS; r++)
    for (int j = 0; j < HID; j++) h[r][j] = b[j] + x[r * IN] * w[j] + x[r * IN + 1] * w[HID + j];
  for (int i = 0; i < ROWS * HID; i++) (&h[0][0])[i] = tanhf((&h[0][0])[i]);
  for (int r = 0; r < ROWS; r++) {
    z[r] = c[0];
    for (int j = 0; j < HID; j++) z[r] += h[r][j] * u[j];
  }
  for (int r = 0; r < ROWS; r++) {
    float e = expf(-fabsf(z[r])), s = z[r] >= 0 ? 1 / (1 + e) : e / (1 + e);
    loss += (z[r] > 0 ? z[r] : 0) - z[r] * y[r] + logf(1 + e);
    d[r] = (s - y[r]) / ROWS;
  }
  memset(g, 0, sizeof(float) * (IN * HID + HID + HID + 1));
  for (int r = 0; r < ROWS; r++) {
    for (int j = 0; j < HID; j++) {
      float e = d[r] * u[j] * (1 - h[r][j] * h[r][j]);
      g[j] += x[r * IN] * e;
      g[HID + j] += x[r * IN + 1] * e;
      g[IN * HID + j] += e;
      g[IN * HID + HID + j] += d[r] * h[r][j];
    }
    g[IN * HID + HID + HID] += d[r];
  }
  update(job, 0, IN * HID + HID + HID + 1, split);
  return loss / ROWS;
}

static const float *outputs(Job *job) { return job->params; }

const Network xor_network = {prepare, step, outputs};
