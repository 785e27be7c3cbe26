package org.t3jvm.model.lora;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.random.TorchRandom;

/** The tensors of {@link LoraLayers}: what training starts from, and the file that it ends in. */
public final class LoraWeights {
  /** Metadata of a file: which stage of ViBe's relay it is of (SPEC 21.1). */
  public static final String RELAY_STAGE = "t3.relay.stage";

  /** The stage whose LoRA inference discards. */
  public static final String FIRST_STAGE = "1";

  private LoraWeights() {}

  /**
   * A LoRA that changes nothing yet: A uniform within {@code 1/sqrt(in)}, as PEFT's Kaiming
   * initialisation has it, and B zero.
   */
  public static SequencedMap<String, Tensor> initial(LoraLayers layers, Graph graph, long seed) {
    TorchRandom random = new TorchRandom(seed);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    layers
        .shapes(graph)
        .forEach(
            (name, shape) -> {
              Tensor tensor = Tensor.allocate(DType.F32, shape);
              if (name.contains(LoraLayers.DOWN)) {
                double bound = 1 / Math.sqrt((double) shape.dim(1));
                for (long i = 0; i < shape.elements(); i++) {
                  tensor.setDouble(i, (2 * random.nextUniform() - 1) * bound);
                }
              }
              tensors.put(name, tensor);
            });
    return tensors;
  }

  /**
   * Writes a LoRA as a file that {@link LoraParameters} reads. Where alpha is not the rank, each
   * module has its alpha beside it, and names have no adapter, as no form has both.
   *
   * @param tensors by the names of {@link LoraLayers#shapes}
   * @param metadata of the file
   */
  public static void write(
      Path file, LoraLayers layers, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    boolean withAlpha = layers.alpha() != layers.rank();
    Map<String, Tensor> all = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (!withAlpha) {
            all.put(name, tensor);
            return;
          }
          all.put(layers.withoutAdapter(name), tensor);
          int module = name.indexOf(LoraLayers.DOWN);
          if (module >= 0) {
            Tensor alpha = Tensor.ofFloats(Shape.of(1), layers.alpha());
            all.put(name.substring(0, module) + ".alpha", alpha);
          }
        });
    List<TensorInfo> layout =
        all.entrySet().stream().map(each -> TensorInfo.of(each.getKey(), each.getValue())).toList();
    SafetensorsWriter.write(file, layout, name -> Objects.requireNonNull(all.get(name)), metadata);
  }
}
