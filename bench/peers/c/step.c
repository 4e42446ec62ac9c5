/* The step that an expert writes by hand over a BLAS, as a process of the benchmark: `start`, `check`, `run`, `split`, `quit`. */
#include "step.h"
#include <sched.h>

#ifdef OPENBLAS
extern void openblas_set_num_threads(int threads);
extern char *openblas_get_config(void), *openblas_get_corename(void);
#endif

static Job job;
static const Network *network;
static sem_t go[MOST_THREADS];
static atomic_int arrived, turn;
static int to_run, from_batch;
static Split *watched;

void barrier(const Job *job) {
  if (job->threads == 1) return;
  int now = atomic_load_explicit(&turn, memory_order_acquire);
  if (atomic_fetch_add(&arrived, 1) == job->threads - 1) {
    atomic_store(&arrived, 0);
    atomic_store_explicit(&turn, now + 1, memory_order_release);
    return;
  }
  for (int i = 0; atomic_load_explicit(&turn, memory_order_acquire) == now; i++) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
    /* whom we wait for may have no core: it can have this one */
    if (i > 10000) sched_yield();
  }
}

static float steps(int rank) {
  float loss = 0;
  for (int i = 0; i < to_run; i++) {
    loss = network->step(&job, (from_batch + i) % job.batches, rank, rank == 0 ? watched : NULL);
    if (rank == 0) job.steps++;
  }
  return loss;
}
static void *helper(void *rank) {
  for (;;) {
    sem_wait(&go[(intptr_t)rank]);
    steps((int)(intptr_t)rank);
    barrier(&job);
  }
  return NULL;
}
/* So many steps on all threads. The loss of the last. */
static float together(int from, int count) {
  to_run = count;
  from_batch = from;
  for (int t = 1; t < job.threads; t++) sem_post(&go[t]);
  float loss = steps(0);
  barrier(&job);
  return loss;
}

static void reset(void) {
  memcpy(job.params, job.initial, sizeof(float) * job.count);
  memset(job.first, 0, sizeof(float) * job.count);
  memset(job.second, 0, sizeof(float) * job.count);
  job.steps = 0;
}

static void *numbers(FILE *file, size_t count) {
  void *p = zeroed(4 * count);
  if (fread(p, 4, count, file) != count) fail("the data file is too short");
  return p;
}

static void start(const char *line) {
  char path[1024];
  int image = is(line, "network", "cnn");
  job.layers = numbers_of(line, "sizes", job.sizes, MOST_LAYERS + 1) - 1;
  job.batch = (int)number_of(line, "batch", 0);
  job.batches = (int)number_of(line, "batches", 0);
  job.threads = (int)number_of(line, "threads", 1);
  job.count = (int)number_of(line, "parameters", 0);
  job.rate = (float)number_of(line, "rate", 0);
  job.training = is(line, "mode", "train");
  job.adam = is(line, "optimizer", "adam");
  job.classes = is(line, "loss", "classes");
  network = image ? &cnn : job.classes ? &mlp : &xor_network;
  if (job.threads > MOST_THREADS) fail("too many threads");
  text_of(line, "data", path, sizeof path);
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail("no data file");
  size_t rows = (size_t)job.batch * job.batches;
  job.initial = numbers(file, job.count);
  job.x = numbers(file, rows * job.sizes[0]);
  if (job.classes) job.y_classes = numbers(file, rows);
  else job.y_flags = numbers(file, rows);
  fclose(file);
  float **own[] = {&job.params, &job.grads, &job.first, &job.second};
  for (int i = 0; i < 4; i++) *own[i] = zeroed(sizeof(float) * job.count);
#ifdef OPENBLAS
  openblas_set_num_threads(1);
#endif
  reset();
  network->prepare(&job);
  for (intptr_t t = 1; t < job.threads; t++) {
    pthread_t id;
    sem_init(&go[t], 0, 0);
    if (pthread_create(&id, NULL, helper, (void *)t) != 0) fail("no thread");
  }
#ifdef OPENBLAS
  printf("{\"ok\":true,\"version\":\"%s, core %s\"}\n", openblas_get_config(), openblas_get_corename());
#else
  printf("{\"ok\":true,\"version\":\"cblas\"}\n");
#endif
}

static void check(int count) {
  reset();
  printf("{\"ok\":true,\"values\":[");
  for (int i = 0; i < count; i++) {
    float loss = together(i % job.batches, 1);
    if (job.training) printf("%s%.9g", i > 0 ? "," : "", loss);
    else
      for (int j = 0; j < 4; j++) printf("%s%.9g", i + j > 0 ? "," : "", network->outputs(&job)[j]);
  }
  printf("]}\n");
}

/* Steps for so long, from the initial weights again after every block: microseconds a step. */
static void run(double most, int block, int apart) {
  Split split = {0, 0};
  double spent = 0;
  long done = 0;
  watched = apart ? &split : NULL;
  while (spent < most) {
    double left = done == 0 ? 1 : (most - spent) / (spent / done);
    int count = left < 1 ? 1 : left > block ? block : (int)left;
    reset();
    double from = microseconds();
    together(0, count);
    spent += microseconds() - from;
    done += count;
  }
  watched = NULL;
  printf("{\"ok\":true,\"microseconds\":%.6f,\"steps\":%ld", spent / done, done);
  if (apart) printf(",\"gemm\":%.6f,\"optimizer\":%.6f", split.gemm / done, split.optimizer / done);
  printf("}\n");
}

int main(void) {
  static char line[65536];
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (fgets(line, sizeof line, stdin) != NULL) {
    double most = number_of(line, "milliseconds", 100) * 1000;
    int block = (int)number_of(line, "block", 1000);
    if (is(line, "do", "start")) start(line);
    else if (is(line, "do", "check")) check((int)number_of(line, "steps", 1));
    else if (is(line, "do", "run")) run(most, block, 0);
    else if (is(line, "do", "split")) run(most, block, 1);
    else if (is(line, "do", "quit")) return 0;
    else fail("unknown request");
  }
  return 0;
}
