package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.ChildT3;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.JobFit;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/** What a plan says of memory beside what a process of its own had at its peak. */
@EnabledOnOs(OS.LINUX)
@Tag("process")
class PlannedMemoryTest {
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  @TempDir Path dir;

  @ParameterizedTest(name = "{0}x{1}, {2} frames")
  @CsvSource({"320, 320, 9", "384, 512, 5", "480, 832, 5"})
  void isWithinATenthOfWhatIsMeasured(int height, int width, int frames) throws Exception {
    String size = "--height=%d --width=%d --frames=%d".formatted(height, width, frames);
    List<String> args =
        List.of(
            ("generate --quiet --prompt ball --steps 1 --cfg 1 --attention full " + size)
                .split(" "));
    long measured = peak(ChildT3.start(with(args, "--out", dir.resolve("a.mp4").toString())));
    assertThat(measured).isCloseTo(planned(height, width, frames), withinPercentage(10));
  }

  private static List<String> with(List<String> args, String... more) {
    return Stream.concat(args.stream(), Arrays.stream(more)).toList();
  }

  private static long planned(int height, int width, int frames) throws IOException {
    GenerationRequest request =
        new GenerationRequest(
            "ball", "", height, width, frames, 1, 1, 5, 0, SelfAttentionPlan.full());
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
        Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      return MemoryBudget.JVM
          + JobFit.of(model.types(), request, backend, MemoryBudget.UNLIMITED).peak();
    }
  }

  /** The most bytes that a process had in memory until it ended well. */
  private static long peak(Process process) throws IOException, InterruptedException {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    long peak = 0;
    while (process.isAlive()) {
      try {
        Matcher matcher = PEAK.matcher(Files.readString(status));
        if (matcher.find()) {
          peak = Math.max(peak, 1024 * Long.parseLong(matcher.group(1)));
        }
      } catch (IOException gone) {
        break;
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    assertThat(process.waitFor()).as("exit status of the process").isZero();
    return peak;
  }
}
