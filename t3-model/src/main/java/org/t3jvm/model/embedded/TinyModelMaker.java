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
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.nn.Manifest;
import org.t3jvm.model.pipeline.ModelDefaults;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a tiny untrained text-to-video model of the full structure from a seed, in the file formats
 * and under the file names of a Wan2.1-T2V download. The same seed gives the same bytes everywhere.
 */
public final class TinyModelMaker {
  /** The seed of the model that comes with the program. */
  public static final long DEFAULT_SEED = 1;

  static final String DIT = "diffusion_pytorch_model.safetensors";
  static final String DIT_CONFIG = "config.json";
  static final String TEXT_ENCODER = "models_t5_umt5-xxl-enc-bf16.pth";
  static final String VAE = "Wan2.1_VAE.pth";
  static final String TOKENIZER = "google/umt5-xxl/tokenizer.json";

  /** Every file of the model, relative to its folder. */
  static final List<String> FILES =
      List.of(DIT, DIT_CONFIG, TEXT_ENCODER, VAE, TOKENIZER, ModelDefaults.FILE);

  private static final int TEXT_DIM = 64;
  private static final int VOCABULARY_MULTIPLE = 64;

  /** Five blocks, so that every kind of window occurs. */
  static final DitConfig DIT_SIZES = new DitConfig(16, 16, 96, 4, 256, 5, 64, TEXT_DIM, 2, 2);

  static final VaeConfig VAE_SIZES = VaeConfig.wan21(8);

  /** Token grid 6x9x16; the windows follow SPEC 5: single frames, two over all time, two boxes. */
  static final ModelDefaults DEFAULTS =
      new ModelDefaults(144, 256, 21, 8, 12, "6,1,1;1,3,4;1,1,8;2,3,2;3,3,1");

  private TinyModelMaker() {}

  /**
   * Writes the model's files into {@code folder}, which is made if it is not there.
   *
   * @throws IOException if a file cannot be written
   */
  public static void make(Path folder, long seed) throws IOException {
    Path tokenizer = folder.resolve(TOKENIZER);
    Files.createDirectories(tokenizer.resolveSibling(""));
    SeededValues random = new SeededValues(seed);
    Umt5Config text = textSizes(TinyTokenizer.vocabulary().size());
    write(folder.resolve(DIT), DIT_SIZES.manifest(), new TinyDit(DIT_SIZES, random));
    write(folder.resolve(TEXT_ENCODER), text.manifest(), new TinyText(text, random));
    write(folder.resolve(VAE), VAE_SIZES.manifest(), new TinyVae(random));
    Files.write(tokenizer, TinyTokenizer.json());
    Files.write(folder.resolve(DIT_CONFIG), json(Map.of("num_heads", DIT_SIZES.heads())));
    Files.write(folder.resolve(ModelDefaults.FILE), json(DEFAULTS));
  }

  /** Sizes of the text encoder; its table has more rows than there are pieces, as the real one. */
  static Umt5Config textSizes(int pieces) {
    int rows = (pieces / VOCABULARY_MULTIPLE + 1) * VOCABULARY_MULTIPLE;
    return new Umt5Config(rows, TEXT_DIM, TEXT_DIM, 160, 4, 2, 32);
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
