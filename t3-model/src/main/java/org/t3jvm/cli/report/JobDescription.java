package org.t3jvm.cli.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.t3jvm.job.Attention;
import org.t3jvm.job.Compute;
import org.t3jvm.job.Decoding;
import org.t3jvm.job.Hires;
import org.t3jvm.job.Lora;
import org.t3jvm.job.Numbers;
import org.t3jvm.job.Sampling;
import org.t3jvm.job.Size;
import org.t3jvm.job.Start;
import org.t3jvm.job.VideoJob;
import org.t3jvm.tensor.graph.WindowCounts;

/** A job with every choice filled in, for people. */
public record JobDescription(VideoJob job) {
  /** All of it in one line. */
  public String line() {
    Size size = job.size();
    Sampling sampling = job.sampling();
    return String.format(
        Locale.ROOT,
        "%s, %d frames at %s a second, %d %s steps, cfg %s, shift %s, seed %d, %s%s%s%s%s, on %s",
        size(),
        size.frames(),
        Numbers.text(Objects.requireNonNull(size.fps())),
        sampling.steps(),
        sampling.sampler(),
        Numbers.text(Objects.requireNonNull(sampling.cfg())),
        Numbers.text(Objects.requireNonNull(sampling.shift())),
        sampling.seed(),
        attention(),
        start() + hires(),
        sampling.cache() == null ? "" : ", " + sampling.cache(),
        tiles().isEmpty() ? "" : ", VAE in tiles of " + tiles(),
        loras(),
        job.compute().backend());
  }

  /** Its fields by the names that a report has for them, but for the prompts. */
  public Map<String, String> fields() {
    Sampling sampling = job.sampling();
    Compute compute = job.compute();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("seed", sampling.seed().toString());
    fields.put("size", size());
    fields.put("frames", String.valueOf(job.size().frames()));
    fields.put("fps", Numbers.text(Objects.requireNonNull(job.size().fps())));
    fields.put("sampler", sampling.sampler().toString());
    fields.put("steps", String.valueOf(sampling.steps()));
    fields.put("cfg", Numbers.text(Objects.requireNonNull(sampling.cfg())));
    fields.put("shift", Numbers.text(Objects.requireNonNull(sampling.shift())));
    fields.put("attention", attention());
    putUnlessEmpty(fields, "cache", sampling.cache() == null ? "" : sampling.cache().toString());
    Float strength = job.start().strength();
    putUnlessEmpty(fields, "strength", strength == null ? "" : Numbers.text(strength));
    putUnlessEmpty(fields, "hires", hires().replaceFirst("^, ", ""));
    putUnlessEmpty(fields, "vae", tiles().isEmpty() ? "" : "in tiles of " + tiles());
    fields.put("weights", compute.weights().toString());
    putUnlessEmpty(fields, "LoRA", loras().replaceFirst("^, LoRA (for low noise )?", ""));
    fields.put("backend", compute.backend());
    fields.put("precision", lower(Objects.requireNonNull(compute.precision())));
    fields.put("kernels", lower(Objects.requireNonNull(compute.kernels())));
    return fields;
  }

  private static void putUnlessEmpty(Map<String, String> fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Size of the written frames, the width first, and of what they are cropped from. */
  private String size() {
    Size size = job.size();
    String written = size.width() + "x" + size.height();
    String computed = size.computedWidth() + "x" + size.computedHeight();
    return written.equals(computed) ? written : written + " cropped from " + computed;
  }

  private String attention() {
    return job.attention().kind() == Attention.Kind.FULL
        ? "full attention"
        : "T3 windows " + windows(job.attention());
  }

  /** Window counts as users type them. */
  static String windows(Attention attention) {
    return Objects.requireNonNull(attention.windows()).stream()
        .map(WindowCounts::toString)
        .collect(Collectors.joining(";"));
  }

  private String start() {
    Start start = job.start();
    Path video = start.video();
    return video == null
        ? ""
        : ", strength %s from %s"
            .formatted(Numbers.text(Objects.requireNonNull(start.strength())), video.getFileName());
  }

  private String hires() {
    Hires hires = job.start().hires();
    if (hires == null) {
      return "";
    }
    Integer cacheSteps = hires.cacheSteps();
    String detail =
        cacheSteps == null
            ? "squares of %d pooled".formatted(hires.pooling())
            : cacheSteps == 0 ? "no cache" : "cache of %d steps".formatted(cacheSteps);
    return ", %s from %dx%d, strength %s, %s, shift %s, %s"
        .formatted(
            hires.kind(),
            hires.baseWidth(),
            hires.baseHeight(),
            Numbers.text(hires.strength()),
            hires.sampler(),
            Numbers.text(hires.shift()),
            detail);
  }

  /** Size and stride of tiles as users type them; empty for exact values. */
  String tiles() {
    Decoding.Tiles tiles = job.decoding().tiles();
    return tiles == null
        ? ""
        : "%dx%d/%dx%d"
            .formatted(tiles.rows(), tiles.columns(), tiles.strideRows(), tiles.strideColumns());
  }

  private String loras() {
    List<Lora> low = job.compute().lorasLow();
    return names(", LoRA ", job.compute().loras())
        + names(", LoRA for low noise ", low == null ? List.of() : low);
  }

  private static String names(String what, List<Lora> loras) {
    return loras.isEmpty()
        ? ""
        : what + loras.stream().map(Lora::toString).collect(Collectors.joining(", "));
  }
}
