package org.t3jvm.bench.fullsize;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.open.ExpectedTensors;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.FormattedWeights;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.prompt.TextEncoder;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code t3 full-size-text}: encodes a prompt with a UMT5 encoder of any size and prints time and
 * memory, for maintainers; the tokens are the embedded model's.
 */
@Command(
    name = "full-size-text",
    description = "Writes a synthetic file of UMT5-XXL's size, or encodes a prompt with one.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class FullSizeTextCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--make",
      paramLabel = "FILE.pth|FILE.safetensors",
      description = "Write random weights of UMT5-XXL's names and shapes: 11.4 GB.")
  private @Nullable Path make;

  @Option(names = "--text-encoder", paramLabel = "FILE", description = "Encode with this one.")
  private @Nullable Path textEncoder;

  @Option(names = "--weights", paramLabel = "stored|q8", description = "As of t3 generate.")
  private WeightFormat weights = WeightFormat.STORED;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "What to encode.")
  private String prompt =
      "Two anthropomorphic cats in comfy boxing gear and bright gloves fight intensely on a"
          + " spotlighted stage.";

  @Override
  public Integer call() throws IOException {
    if (make != null) {
      new SyntheticText(SyntheticText.XXL).write(make);
      print("wrote %s: %,d bytes", make, Files.size(make));
    }
    if (textEncoder != null) {
      try (Checkpoint checkpoint = Checkpoints.open(textEncoder);
          Arena arena = Arena.ofShared();
          Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
        encode(checkpoint, arena, backend);
      }
    }
    return 0;
  }

  private void encode(Checkpoint checkpoint, Arena arena, Backend backend) throws IOException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    checkpoint.entries().forEach((name, info) -> shapes.put(name, info.shape()));
    Umt5Config config = Umt5Config.infer(shapes);
    new ExpectedTensors(config.parameterShapes().asMap()).check(checkpoint);
    Parameters parameters =
        FormattedWeights.of(checkpoint, weights, arena, Runtime.getRuntime().availableProcessors());
    TextEncoder encoder = new TextEncoder(backend, config, parameters);
    long[] ids = tokens();
    // The first run reads the file, and quantises it if requested; the second has it in memory.
    for (int run = 1; run <= 2; run++) {
      long started = System.nanoTime();
      Tensor context = encoder.encode(ids, RegionListener.NONE);
      print(
          "run %d: %d tokens to %s in %.1f s",
          run, ids.length, context.shape(), (System.nanoTime() - started) / 1e9);
    }
    PeakMemory.lines().forEach(line -> print("%s", line));
  }

  private long[] tokens() throws IOException {
    try (EmbeddedModel embedded = EmbeddedModel.open()) {
      Tokenizer tokenizer =
          Tokenizer.load(ModelFiles.find(ModelSource.of(embedded.folder())).tokenizer());
      return tokenizer.encode(PromptCleaner.clean(prompt), TextRows.TEXT_LENGTH);
    }
  }

  private void print(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }
}
