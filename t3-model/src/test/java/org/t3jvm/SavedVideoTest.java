package org.t3jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.RunInUseException;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;

/** What a run leaves beside its video when it is killed between the video and the end. */
class SavedVideoTest {
  @TempDir Path dir;

  private Path video;
  private Path state;
  private VideoJob job;

  /** A state at the second of two steps. */
  @BeforeEach
  void begin() throws IOException {
    video = dir.resolve("fox.mp4");
    state = dir.resolve("fox.mp4.t3state");
    try (T3 t3 = T3.embedded()) {
      job = t3.complete(VideoJob.of("a fox").size(16, 32).frames(1).steps(2).cfg(1).build());
      begin(t3, false);
    }
  }

  private void begin(T3 t3, boolean keep) {
    CancelToken cancel = new CancelToken();
    assertThatThrownBy(
            () ->
                t3.generate(
                    job,
                    new Output(video, false, keep, Output.Unfinished.DISCARD),
                    event -> {
                      if (event instanceof RunEvent.StepStarted(var _, int step) && step == 1) {
                        cancel.cancel();
                      }
                    },
                    cancel))
        .isInstanceOf(KeptRunException.class);
    assertThat(state).isDirectory();
  }

  @Test
  void aStateOfThisJobIsRemoved() throws IOException {
    SavedVideo.removeLeftover(video, job);
    assertThat(dir).isEmptyDirectory();
    SavedVideo.removeLeftover(video, job);
  }

  @Test
  void aStateWhoseRemovalWasBegunIsRemoved() throws IOException {
    Files.delete(state.resolve("state.json"));
    SavedVideo.removeLeftover(video, job);
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void statesOfOtherJobsAndThoseToKeepStay() throws IOException {
    SavedVideo.removeLeftover(video, job.with().seed(1).build());
    assertThat(state).isNotEmptyDirectory();
    try (T3 t3 = T3.embedded()) {
      begin(t3, true);
    }
    SavedVideo.removeLeftover(video, job);
    assertThat(state).isNotEmptyDirectory();
  }

  @Test
  void aStateThatIsDamagedStays() throws IOException {
    Files.writeString(state.resolve("state.json"), "{");
    SavedVideo.removeLeftover(video, job);
    assertThat(state).isNotEmptyDirectory();
  }

  @Test
  void aStateInUseStays() throws IOException {
    try (FileChannel lock = FileChannel.open(state.resolve("lock"), StandardOpenOption.WRITE);
        var _ = lock.lock()) {
      assertThatThrownBy(() -> SavedVideo.removeLeftover(video, job))
          .isInstanceOf(RunInUseException.class)
          .hasMessageContaining("fox.mp4.t3state");
    }
    assertThat(state).isNotEmptyDirectory();
  }
}
