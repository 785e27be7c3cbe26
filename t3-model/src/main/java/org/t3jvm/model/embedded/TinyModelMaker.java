package org.t3jvm.model.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.TensorSource;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.nn.Manifest;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a tiny untrained text-to-video model of the full structure from a seed, in the file formats
 * and under the file names of a Wan download. The same seed gives the same bytes everywhere.
 */
public final class TinyModelMaker {
  /** The seed of the model that comes with the program. */
  public static final long DEFAULT_SEED = 1;

  static final String DIT = "diffusion_pytorch_model.safetensors";
  static final String DIT_CONFIG = "config.json";
  static final String TEXT_ENCODER = "models_t5_umt5-xxl-enc-bf16.pth";
  static final String TOKENIZER = "google/umt5-xxl/tokenizer.json";

  private static final int VOCABULARY_MULTIPLE = 64;

  private TinyModelMaker() {}

  /**
   * Writes the model's files into {@code folder}, which is made if it is not there.
   *
   * @throws IOException if a file cannot be written
   */
  public static void make(Path folder, TinyKind kind, long seed) throws IOException {
    Path tokenizer = folder.resolve(TOKENIZER);
    Files.createDirectories(tokenizer.resolveSibling(""));
    SeededValues random = new SeededValues(seed);
    Umt5Config text = textSizes(TinyTokenizer.vocabulary().size());
    write(folder.resolve(DIT), kind.dit().manifest(), new TinyDit(kind.dit(), random));
    write(folder.resolve(TEXT_ENCODER), text.manifest(), new TinyText(text, random));
    write(folder.resolve(kind.vaeFile()), kind.vae().manifest(), new TinyVae(random));
    Files.write(tokenizer, TinyTokenizer.json());
    Files.write(folder.resolve(DIT_CONFIG), json(Map.of("num_heads", kind.dit().heads())));
    Files.write(folder.resolve(ModelDefaults.FILE), json(kind.defaults()));
  }

  /** Sizes of the text encoder; its table has more rows than there are pieces, as the real one. */
  static Umt5Config textSizes(int pieces) {
    int rows = (pieces / VOCABULARY_MULTIPLE + 1) * VOCABULARY_MULTIPLE;
    return new Umt5Config(rows, TinyKind.TEXT_DIM, TinyKind.TEXT_DIM, 160, 4, 2, 32);
  }

  private static byte[] json(Object value) {
    return JsonMapper.shared().writeValueAsBytes(value);
  }

  private static void write(Path file, Manifest manifest, InitialWeights weights)
      throws IOException {
    Map<String, Shape> shapes = manifest.shapes();
    List<TensorInfo> layout = new ArrayList<>();
    shapes.forEach(
        (name, shape) ->
            layout.add(
                new TensorInfo(
                    name, StoredType.BF16, shape, shape.elements() * DType.BF16.byteSize())));
    TensorSource source =
        name -> {
          Shape shape = shapes.get(name);
          if (shape == null) {
            throw new IOException("the model has no tensor " + name);
          }
          return Tensor.ofFloats(shape, weights.values(name, shape)).to(DType.BF16);
        };
    if (file.toString().endsWith(".pth")) {
      PthWriter.write(file, layout, source);
    } else {
      SafetensorsWriter.write(file, layout, source, Map.of("format", "pt"));
    }
  }
}
