package org.t3jvm.spark.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.t3jvm.event.CancelToken;

class InterruptibleTest {
  @Test
  void anInterruptCancelsTheWorkAndDoesNotReachIt() throws Exception {
    CancelToken cancel = new CancelToken();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean reached = new AtomicBoolean();
    AtomicReference<Exception> thrown = new AtomicReference<>();
    Thread task =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    Interruptible.call(
                        () -> {
                          begun.countDown();
                          while (!cancel.isCancelled()) {
                            Thread.onSpinWait();
                          }
                          reached.set(Thread.interrupted());
                          return "made";
                        },
                        cancel);
                  } catch (IOException | RuntimeException e) {
                    thrown.set(e);
                  }
                });
    begun.await();
    task.interrupt();
    task.join();
    assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    assertThat(reached).isFalse();
  }

  @Test
  void whatTheWorkThrowsIsThrown() throws IOException {
    CancelToken cancel = new CancelToken();
    assertThat(Interruptible.call(() -> 3, cancel)).isEqualTo(3);
    IOException failure = new IOException("disk full");
    assertThatThrownBy(
            () ->
                Interruptible.call(
                    () -> {
                      throw failure;
                    },
                    cancel))
        .isSameAs(failure);
    assertThat(cancel.isCancelled()).isFalse();
  }
}
