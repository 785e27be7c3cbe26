package org.t3jvm.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Attention;
import org.t3jvm.job.Compute;
import org.t3jvm.job.Hires;
import org.t3jvm.job.Lora;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.Numbers;
import org.t3jvm.job.Sampling;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.model.provenance.ShellWords;
import org.t3jvm.model.provenance.VideoRecord;

/** The shell command that makes a video again, but for where it is written. */
final class JobArguments {
  private final List<String> words = new ArrayList<>(List.of("./t3", "generate"));

  private JobArguments() {}

  /** The command of a video. */
  static String command(VideoRecord record) {
    JobArguments arguments = new JobArguments();
    arguments.add(record.source());
    arguments.add(record.job());
    return ShellWords.join(arguments.words);
  }

  private void add(ModelSource source) {
    path("--model", source.folder());
    path("--dit", source.dit());
    path("--dit-low", source.ditLow());
    path("--t3", source.t3());
    path("--text-encoder", source.textEncoder());
    path("--vae", source.vae());
    path("--tokenizer", source.tokenizer());
  }

  private void add(VideoJob job) {
    option("--prompt", job.text().prompt());
    option("--negative", Objects.requireNonNull(job.text().negative()));
    add(job.size(), job.attention());
    add(job.sampling());
    path("--image", job.start().image());
    if (job.start().image() != null || job.start().video() != null) {
      option("--image-fit", JobDescription.lower(job.start().imageFit()));
    }
    path("--video", job.start().video());
    Float strength = job.start().strength();
    if (strength != null) {
      option("--strength", strength.toString());
    }
    Hires hires = job.start().hires();
    if (hires != null) {
      add(hires);
    }
    String tiles = new JobDescription(job).tiles();
    if (!tiles.isEmpty()) {
      option("--vae-mode", "tiled:" + tiles);
    }
    add(job.compute());
  }

  private void add(Size size, Attention attention) {
    option("--height", String.valueOf(size.height()));
    option("--width", String.valueOf(size.width()));
    option("--frames", String.valueOf(size.frames()));
    option("--fps", Numbers.text(Objects.requireNonNull(size.fps())));
    option("--attention", String.valueOf(attention.kind()));
    // Windows that are given are those of the padded size; only by rule is a size the trained one.
    if (attention.kind() == Attention.Kind.T3 && !trained(size)) {
      option("--windows", JobDescription.windows(attention));
    }
  }

  private static boolean trained(Size size) {
    return beyond(size.computedHeight(), size.height())
        || beyond(size.computedWidth(), size.width());
  }

  /** True if a side is computed larger than the next multiple of a token's pixels. */
  private static boolean beyond(@Nullable Integer computed, @Nullable Integer written) {
    int most = 32;
    return computed != null
        && written != null
        && computed >= Math.ceilDiv(written, most) * most
        && computed > written;
  }

  private void add(Sampling sampling) {
    option("--steps", String.valueOf(sampling.steps()));
    option("--sampler", sampling.sampler().toString());
    option("--cfg", Numbers.text(Objects.requireNonNull(sampling.cfg())));
    option("--shift", Numbers.text(Objects.requireNonNull(sampling.shift())));
    option("--seed", sampling.seed().toString());
    if (sampling.cache() != null) {
      option("--cache", sampling.cache().toString());
    }
  }

  private void add(Hires hires) {
    option("--hires", hires.kind().toString());
    option("--base-height", String.valueOf(hires.baseHeight()));
    option("--base-width", String.valueOf(hires.baseWidth()));
    option("--strength", hires.strength().toString());
    option("--hires-sampler", hires.sampler().toString());
    option("--hires-shift", Numbers.text(hires.shift()));
    Integer cacheSteps = hires.cacheSteps();
    if (cacheSteps == null) {
      option("--hires-pooling", String.valueOf(hires.pooling()));
    } else {
      option("--hires-cache", cacheSteps == 0 ? "off" : cacheSteps.toString());
    }
  }

  private void add(Compute compute) {
    option("--backend", compute.backend());
    option("--precision", JobDescription.lower(Objects.requireNonNull(compute.precision())));
    option("--kernels", JobDescription.lower(Objects.requireNonNull(compute.kernels())));
    if (compute.weights() != WeightFormat.STORED) {
      option("--weights", compute.weights().toString());
    }
    loras("--lora", compute.loras());
    List<Lora> low = compute.lorasLow();
    loras("--lora-low", low == null ? List.of() : low);
  }

  private void loras(String name, List<Lora> loras) {
    loras.forEach(
        lora -> option(name, lora.file() + (lora.scale() == 1 ? "" : ":" + lora.scale())));
  }

  private void path(String name, @Nullable Path value) {
    if (value != null) {
      option(name, value.toString());
    }
  }

  /** A value that begins with a dash would be taken for an option by itself. */
  private void option(String name, String value) {
    if (value.startsWith("-")) {
      words.add(name + "=" + value);
    } else {
      words.add(name);
      words.add(value);
    }
  }
}
