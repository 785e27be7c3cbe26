package org.t3jvm.model.initial;

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
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the parts of a model in BF16 under the file names and in the formats of a Wan download.
 */
public final class ModelWriter {
  /** The transformer. */
  public static final String DIT = "diffusion_pytorch_model.safetensors";

  /** What the transformer's shapes do not tell. */
  public static final String DIT_CONFIG = "config.json";

  /** The text encoder. */
  public static final String TEXT_ENCODER = "models_t5_umt5-xxl-enc-bf16.pth";

  /** The text encoder's tokenizer. */
  public static final String TOKENIZER = "google/umt5-xxl/tokenizer.json";

  private final Path folder;

  /**
   * A writer to a folder, which is made if it is not there.
   *
   * @throws IOException if it cannot be made
   */
  public ModelWriter(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Writes the transformer. */
  public void dit(DitConfig config, InitialWeights weights) throws IOException {
    write(DIT, config.parameterShapes(), weights);
    json(DIT_CONFIG, Map.of("num_heads", config.heads()));
  }

  /** Writes the text encoder and its {@code tokenizer.json}. */
  public void text(Umt5Config config, InitialWeights weights, byte[] tokenizer) throws IOException {
    write(TEXT_ENCODER, config.parameterShapes(), weights);
    Path file = folder.resolve(TOKENIZER);
    Files.createDirectories(file.resolveSibling(""));
    Files.write(file, tokenizer);
  }

  /** Writes the autoencoder to a file of that name. */
  public void vae(VaeConfig config, InitialWeights weights, String name) throws IOException {
    write(name, config.parameterShapes(), weights);
  }

  /** Writes what is rendered if nothing is asked for. */
  public void defaults(ModelDefaults defaults) throws IOException {
    json(ModelDefaults.FILE, defaults);
  }

  private void json(String name, Object value) throws IOException {
    Files.write(folder.resolve(name), JsonMapper.shared().writeValueAsBytes(value));
  }

  private void write(String name, ParameterShapes parameters, InitialWeights weights)
      throws IOException {
    Map<String, Shape> shapes = parameters.asMap();
    List<TensorInfo> layout = new ArrayList<>();
    shapes.forEach(
        (tensor, shape) ->
            layout.add(
                new TensorInfo(
                    tensor, StoredType.BF16, shape, shape.elements() * DType.BF16.byteSize())));
    TensorSource source =
        tensor -> {
          Shape shape = shapes.get(tensor);
          if (shape == null) {
            throw new IOException("the model has no tensor " + tensor);
          }
          return Tensor.ofFloats(shape, weights.values(tensor, shape)).to(DType.BF16);
        };
    Path file = folder.resolve(name);
    if (name.endsWith(".pth")) {
      PthWriter.write(file, layout, source);
    } else {
      SafetensorsWriter.write(file, layout, source, Map.of("format", "pt"));
    }
  }
}
