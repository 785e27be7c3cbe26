package org.t3jvm.model.fit;

import java.util.Map;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.ParameterTypes;

/** The released models, as far as they are known without their files (SPEC 4, 6, 7, 14). */
public enum Preset {
  /** Wan2.1-T2V-1.3B. */
  WAN21_T2V_1_3B(
      "wan2.1-t2v-1.3b",
      new DitConfig(16, 16, 1536, 12, 8960, 30, 256, 4096, 2, 2),
      VaeConfig.wan21(96)),
  /** Wan2.2-TI2V-5B. */
  WAN22_TI2V_5B(
      "wan2.2-ti2v-5b",
      new DitConfig(48, 48, 3072, 24, 14336, 30, 256, 4096, 2, 2),
      VaeConfig.wan22(160, 256)),
  /** Wan2.1-T2V-14B, which each of Wan2.2-T2V-A14B's two DiTs is like. */
  WAN21_T2V_14B(
      "wan2.1-t2v-14b",
      new DitConfig(16, 16, 5120, 40, 13824, 40, 256, 4096, 2, 2),
      VaeConfig.wan21(96));

  private static final Umt5Config UMT5_XXL = new Umt5Config(256384, 4096, 4096, 10240, 64, 24, 32);

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // a record
  private final DitConfig dit;

  @SuppressWarnings("ImmutableEnumChecker") // a record
  private final VaeConfig vae;

  Preset(String label, DitConfig dit, VaeConfig vae) {
    this.label = label;
    this.dit = dit;
    this.vae = vae;
  }

  /** The model, with the dtypes of its release: the text encoder BF16, all else F32. */
  public ModelTypes model() {
    return new ModelTypes(
        dit,
        types(dit.parameterShapes(), DType.F32),
        vae,
        types(vae.parameterShapes(), DType.F32),
        UMT5_XXL,
        types(UMT5_XXL.parameterShapes(), DType.BF16));
  }

  private static ParameterTypes types(ParameterShapes parameters, DType dtype) {
    Map<String, Shape> shapes = parameters.asMap();
    return name -> {
      Shape shape = shapes.get(name);
      if (shape == null) {
        throw new IllegalArgumentException("the model has no parameter '" + name + "'");
      }
      return new TensorType(dtype, shape);
    };
  }

  /** As users type it, such as {@code wan2.1-t2v-1.3b}. */
  @Override
  public String toString() {
    return label;
  }
}
