package org.t3jvm.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.VideoJob;
import org.t3jvm.server.store.JobStore;
import org.t3jvm.server.store.Status;
import org.t3jvm.server.store.StoredJob;

/** What becomes of jobs, with a maker that makes nothing. */
class JobQueueTest {
  private static final long SECONDS = 20;
  private static final long PLENTY = 1L << 40;

  @TempDir private Path folder;
  private JobStore store;
  private JobQueue queue;
  private Runner runner;
  private final List<String> made = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong disk = new AtomicLong(PLENTY);
  private volatile FakeRun next = cancel -> {};

  private interface FakeRun {
    void run(CancelToken cancel) throws IOException, InterruptedException;
  }

  private final class FakeMaker implements Maker {
    @Override
    public void make(StoredJob job, Path at, Consumer<RunEvent> events, CancelToken cancel)
        throws IOException {
      try {
        next.run(cancel);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      made.add(job.job().text().prompt());
    }
  }

  @BeforeEach
  void open() throws IOException {
    store = JobStore.open(folder);
    queue = JobQueue.open(store, "a model", note -> {});
    runner = new Runner(queue, new FakeMaker(), disk::get, 0, defect -> {});
  }

  @AfterEach
  void close() throws IOException {
    queue.close();
    runner.close();
    store.close();
  }

  private void restart() throws IOException {
    close();
    open();
  }

  private Job add(String prompt) throws IOException {
    return queue.submit(VideoJob.of(prompt).size(64, 96).frames(5).build(), Map.of());
  }

  private List<String> prompts() {
    return queue.order().stream()
        .map(id -> queue.find(id).orElseThrow().stored().job().text().prompt())
        .toList();
  }

  private static void await(Job job, Status status) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (job.status() != status) {
      assertThat(System.nanoTime()).as("%s, not %s", job.status(), status).isLessThan(end);
      Thread.sleep(5);
    }
  }

  /** A run that says when it has begun, and ends when it is cancelled. */
  private CountDownLatch untilCancelled() {
    CountDownLatch begun = new CountDownLatch(1);
    next =
        cancel -> {
          begun.countDown();
          while (!cancel.isCancelled()) {
            Thread.sleep(1);
          }
          throw new RunCancelledException();
        };
    return begun;
  }

  @Test
  void jobsRunInOrder() throws Exception {
    add("a");
    add("b");
    Job last = add("c");
    runner.start();
    await(last, Status.COMPLETED);
    assertThat(made).containsExactly("a", "b", "c");
    restart();
    assertThat(queue.all()).extracting(Job::status).containsOnly(Status.COMPLETED);
    assertThat(queue.order()).isEmpty();
  }

  @Test
  void theOrderSurvivesARestart() throws Exception {
    add("a");
    Job b = add("b");
    Job c = add("c");
    queue.move(c, 0);
    add("d");
    assertThat(prompts()).containsExactly("c", "a", "b", "d");
    restart();
    assertThat(prompts()).containsExactly("c", "a", "b", "d");
    queue.cancel(queue.find(b.id()).orElseThrow());
    queue.resume(queue.find(b.id()).orElseThrow());
    restart();
    assertThat(prompts()).containsExactly("c", "a", "d", "b");
  }

  @Test
  void theJobThatRanIsFirstAfterARestart() throws Exception {
    Job a = add("a");
    Job b = add("b");
    queue.move(b, 0);
    CountDownLatch begun = untilCancelled();
    runner.start();
    assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(b.status()).isEqualTo(Status.IN_PROGRESS);
    add("c");
    restart();
    assertThat(prompts()).containsExactly("b", "a", "c");
    next = cancel -> {};
    runner.start();
    await(queue.find(a.id()).orElseThrow(), Status.COMPLETED);
    assertThat(made).startsWith("b", "a");
  }

  @Test
  void aRunningJobIsCancelledAndResumed() throws Exception {
    Job job = add("a");
    CountDownLatch begun = untilCancelled();
    runner.start();
    assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    queue.cancel(job);
    await(job, Status.CANCELLED);
    assertThatThrownBy(() -> queue.cancel(job)).isInstanceOf(JobStateException.class);
    next = cancel -> {};
    queue.resume(job);
    await(job, Status.COMPLETED);
    assertThatThrownBy(() -> queue.resume(job)).hasMessageContaining("completed");
    assertThatThrownBy(() -> queue.move(job, 0)).hasMessageContaining("only a queued one");
  }

  @Test
  void aRunningJobThatIsDeletedIsGoneWithItsFolder() throws Exception {
    Job job = add("a");
    CountDownLatch begun = untilCancelled();
    runner.start();
    assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    queue.delete(job);
    assertThat(queue.find(job.id())).isEmpty();
    next = cancel -> {};
    await(add("b"), Status.COMPLETED);
    assertThat(store.folder(job.id())).doesNotExist();
    assertThat(made).containsExactly("b");
  }

  @Test
  void aJobThatIsDeletedWhileItRunsIsGoneAfterAKill() throws Exception {
    Job job = add("a");
    store.markDeleted(job.id());
    restart();
    assertThat(queue.all()).isEmpty();
    assertThat(store.folder(job.id())).doesNotExist();
  }

  @Test
  void aFailureIsSaidWithoutFoldersAndTheNextJobRuns() throws Exception {
    next =
        cancel -> {
          throw new IOException("'/secret/place/w.safetensors' does not exist");
        };
    Job a = add("a");
    runner.start();
    await(a, Status.FAILED);
    assertThat(a.stored().error()).isEqualTo("'w.safetensors' does not exist");
    next =
        cancel -> {
          throw new RunFailedException("denoise: NaN");
        };
    Job b = add("b");
    await(b, Status.FAILED);
    assertThat(b.stored().error()).isEqualTo("denoise: NaN");
    next =
        cancel -> {
          throw new IllegalStateException("secret");
        };
    Job c = add("c");
    await(c, Status.FAILED);
    assertThat(c.stored().error()).isEqualTo("internal error");
    next = cancel -> {};
    await(add("d"), Status.COMPLETED);
  }

  @Test
  void aFullDiskPausesTheQueueUntilThereIsRoom() throws Exception {
    disk.set(1 << 20);
    Job job = add("a");
    runner.start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (queue.paused().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
    assertThat(queue.paused()).hasValueSatisfying(why -> assertThat(why).contains("disk is full"));
    assertThat(job.status()).isEqualTo(Status.QUEUED);
    CountDownLatch tried = new CountDownLatch(1);
    next =
        cancel -> {
          tried.countDown();
          disk.set(0);
          throw new IOException("No space left on device");
        };
    disk.set(PLENTY);
    assertThat(tried.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    await(job, Status.QUEUED);
    next = cancel -> {};
    disk.set(PLENTY);
    await(job, Status.COMPLETED);
    assertThat(queue.paused()).isEmpty();
  }

  @Test
  void onlyTheNewestEndedJobsAreKept() throws Exception {
    runner = new Runner(queue, new FakeMaker(), disk::get, 2, defect -> {});
    add("a");
    add("b");
    add("c");
    Job last = add("d");
    runner.start();
    await(last, Status.COMPLETED);
    restart();
    assertThat(queue.all())
        .extracting(job -> job.stored().job().text().prompt())
        .containsExactly("c", "d");
  }

  @Test
  void theNewestAreThoseThatEndedLast() throws Exception {
    runner = new Runner(queue, new FakeMaker(), disk::get, 1, defect -> {});
    Job first = add("a");
    Job second = add("b");
    queue.move(second, 0);
    runner.start();
    await(first, Status.COMPLETED);
    restart();
    assertThat(queue.all()).extracting(Job::id).containsExactly(first.id());
  }

  @Test
  void aJobWhoseFolderIsGoneHoldsNoOtherUp() throws Exception {
    Job gone = add("a");
    Job next = add("b");
    Files.move(store.folder(gone.id()), folder.resolve("elsewhere"));
    runner.start();
    await(next, Status.COMPLETED);
    assertThat(queue.find(gone.id())).isEmpty();
    assertThat(made).containsExactly("b");
  }

  @Test
  void aJobThatIsDeletedIsNeitherDeletedNorChangedAgain() throws Exception {
    Job job = add("a");
    queue.cancel(job);
    queue.delete(job);
    assertThatThrownBy(() -> queue.delete(job)).isInstanceOf(JobStateException.class);
    assertThatThrownBy(() -> queue.resume(job)).isInstanceOf(JobStateException.class);
    assertThatThrownBy(() -> queue.cancel(job)).isInstanceOf(JobStateException.class);
  }

  @Test
  void anOrderThatCannotBeKeptIsNotTaken() throws Exception {
    Job a = add("a");
    Job b = add("b");
    queue.cancel(a);
    add("c");
    Files.createDirectory(folder.resolve("order.json"));
    assertThatThrownBy(() -> queue.move(b, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> queue.resume(a)).isInstanceOf(IOException.class);
    assertThat(prompts()).containsExactly("b", "c");
    assertThat(a.status()).isEqualTo(Status.CANCELLED);
  }

  @Test
  void aJobIsWrittenForClientsOnlyWhenItHasChanged() throws Exception {
    Job a = add("a");
    Job b = add("b");
    List<JobState> written = new ArrayList<>();
    Function<JobState, String> writer =
        state -> {
          written.add(state);
          return state.stored().status() + " " + state.previews();
        };
    assertThat(b.written(writer).text()).isEqualTo("queued 0");
    queue.move(b, 0);
    assertThat(List.of(queue.position(b), queue.position(a))).containsExactly(0, 1);
    assertThat(b.written(writer).text()).isEqualTo("queued 0");
    assertThat(written).hasSize(1);
    b.previewed();
    assertThat(b.written(writer).text()).isEqualTo("queued 1");
    queue.cancel(b);
    assertThat(b.written(writer).text()).isEqualTo("cancelled 1");
    assertThat(written).hasSize(3);
    assertThat(queue.position(b)).isNull();
    assertThat(queue.position(a)).isZero();
  }

  @Test
  void aDefectAfterARunEndsTheQueueForNobody() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    List<Throwable> defects = Collections.synchronizedList(new ArrayList<>());
    Runner.Disk disk =
        () -> {
          if (broken.getAndSet(false)) {
            throw new UncheckedIOException(new IOException("a disk that breaks off"));
          }
          return PLENTY;
        };
    runner = new Runner(queue, new FakeMaker(), disk, 0, defects::add);
    next =
        cancel -> {
          next = again -> {};
          broken.set(true);
          throw new IOException("the run ends");
        };
    Job job = add("a");
    runner.start();
    await(job, Status.COMPLETED);
    assertThat(defects).singleElement().isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aJobOfAnotherModelIsNeitherRunNorLost() throws Exception {
    Job job = add("a");
    close();
    store = JobStore.open(folder);
    assertThatThrownBy(() -> JobQueue.open(store, "another", note -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "jobs/%s is unfinished and of model 'a model', not 'another'".formatted(job.id()));
    queue = JobQueue.open(store, "a model", note -> {});
    queue.cancel(queue.find(job.id()).orElseThrow());
    queue = JobQueue.open(store, "another", note -> {});
    Job cancelled = queue.find(job.id()).orElseThrow();
    assertThat(cancelled.stored().model()).isEqualTo("a model");
    assertThatThrownBy(() -> queue.resume(cancelled))
        .isInstanceOf(JobStateException.class)
        .hasMessage("the video is of model 'a model', this server has 'another'");
  }

  @Test
  void whatAKilledServerLeftHalfDoneIsRemovedAndWhatIsNoJobIsSkipped() throws Exception {
    Job whole = add("a");
    Files.createDirectory(folder.resolve("jobs/.new-video_0"));
    Files.createDirectory(folder.resolve("jobs/.old-video_1"));
    Path damaged = folder.resolve("jobs/video_" + "0".repeat(32));
    Files.createDirectory(damaged);
    Files.writeString(damaged.resolve("job.json"), "{\"id\":");
    close();
    List<String> notes = new ArrayList<>();
    store = JobStore.open(folder);
    queue = JobQueue.open(store, "a model", notes::add);
    runner = new Runner(queue, new FakeMaker(), disk::get, 0, defect -> {});
    assertThat(queue.all()).extracting(Job::id).containsExactly(whole.id());
    assertThat(notes).singleElement().asString().contains("is skipped");
    assertThat(damaged).exists();
    assertThat(folder.resolve("jobs/.new-video_0")).doesNotExist();
    assertThat(folder.resolve("jobs/.old-video_1")).doesNotExist();
    assertThatThrownBy(() -> JobStore.open(folder)).hasMessageContaining("in use by another");
  }
}
