package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.convert.Conversion;
import org.t3jvm.loaders.convert.FloatConversion;
import org.t3jvm.loaders.convert.Q8Conversion;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.safetensors.ShardedWriter;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.layout.CheckpointFiles;
import org.t3jvm.model.layout.Part;
import org.t3jvm.model.weights.LinearWeights;
import org.t3jvm.tensor.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 convert}: a checkpoint of any format as safetensors. */
@Command(
    name = "convert",
    description = "Rewrites a checkpoint as safetensors, in memory that does not grow with it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ConvertCommand implements Callable<Integer> {
  private static final String END = ".safetensors";
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmgt]?)b?");

  /** What floating tensors can be converted to. */
  enum FloatType {
    BF16(DType.BF16),
    F16(DType.F16),
    F32(DType.F32),
    /** Linear weights as int8 with scales, everything else as stored. */
    Q8(null);

    private final @Nullable DType dtype;

    FloatType(@Nullable DType dtype) {
      this.dtype = dtype;
    }
  }

  /** Whose names tensors can be given. */
  enum Publisher {
    ORIGINAL,
    DIFFUSERS;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "A .safetensors or .pth file, a shard index, or a folder of one checkpoint.")
  private Path in = Path.of("");

  @Parameters(index = "1", paramLabel = "OUT.safetensors", description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "bf16|f16|f32|q8",
      description =
          "Element type of floating tensors (default: as stored); q8: the linear weights of a DiT"
              + " or text encoder as int8 with scales.")
  private @Nullable FloatType dtype;

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      description = "Most bytes a file, such as 5g; more become shards with an index.")
  private @Nullable String shardSize;

  @Option(
      names = "--names",
      paramLabel = "original|diffusers",
      description = "Tensor names to write (default: as they are).")
  private @Nullable Publisher names;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    long limit = shardBytes();
    if (!String.valueOf(out.getFileName()).endsWith(END)) {
      throw new UsageException("'%s' must end with %s".formatted(out, END));
    }
    if (dtype == FloatType.Q8 && names == Publisher.DIFFUSERS) {
      throw new UsageException("--dtype q8 writes original names; leave out --names diffusers");
    }
    try (Checkpoint checkpoint = renamed(CheckpointFiles.single(in).open(PROCESSORS))) {
      Conversion conversion = conversion(checkpoint);
      ShardedWriter writer = new ShardedWriter(out, conversion.layout(), limit);
      requireFree(writer);
      Map<String, String> metadata = new LinkedHashMap<>(conversion.metadata());
      metadata.put("format", "pt");
      writer.write(conversion, metadata, AtomicFile::create);
      report(writer, conversion.layout().size());
    }
    return 0;
  }

  private Conversion conversion(Checkpoint checkpoint) throws IOException {
    if (dtype != FloatType.Q8) {
      return new FloatConversion(checkpoint, dtype == null ? null : dtype.dtype);
    }
    Q8Conversion conversion =
        new Q8Conversion(
            checkpoint, info -> LinearWeights.has(info.name(), info.shape()), PROCESSORS);
    if (conversion.quantized() == 0) {
      throw new IOException(
          "'%s' has no weights to quantise: q8 is for a DiT or a text encoder".formatted(in));
    }
    return conversion;
  }

  private Checkpoint renamed(Checkpoint file) throws IOException {
    if (names == null && dtype != FloatType.Q8) {
      return file;
    }
    try {
      // Which weights are linear is known by their original names.
      Publisher publisher = names == null ? Publisher.ORIGINAL : names;
      Checkpoint renamed = Part.named(file, publisher.label());
      int left = file.entries().size() - renamed.entries().size();
      if (left > 0) {
        spec.commandLine().getErr().printf("%d tensors are left out: no part's own%n", left);
      }
      return renamed;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private void requireFree(ShardedWriter writer) {
    for (Path file : writer.files()) {
      if (!force && Files.exists(file)) {
        throw new UsageException("'%s' exists; give another name or --force".formatted(file));
      }
    }
  }

  private long shardBytes() {
    if (shardSize == null) {
      return Long.MAX_VALUE;
    }
    Matcher size = SIZE.matcher(shardSize.toLowerCase(Locale.ROOT));
    if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
      throw new UsageException(
          "--shard-size is '%s', must be bytes such as 5g or 500m".formatted(shardSize));
    }
    long bytes = Long.parseLong(size.group(1));
    for (int unit = "kmgt".indexOf(size.group(2)); unit >= 0 && !size.group(2).isEmpty(); unit--) {
      bytes *= 1000;
    }
    return bytes;
  }

  private void report(ShardedWriter writer, int tensors) throws IOException {
    long bytes = 0;
    for (Path file : writer.files()) {
      bytes += Files.size(file);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "wrote %s: %d tensors, %s%s%n",
            writer.files().getLast(),
            tensors,
            Sizes.bytes(bytes),
            writer.files().size() == 1 ? "" : " in %d shards".formatted(writer.files().size() - 1));
  }
}
