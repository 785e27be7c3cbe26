package org.t3jvm.model.vae;

import java.util.List;
import org.t3jvm.model.nn.ParameterShapes;

/**
 * One layer of the encoder's or decoder's stack, with the name its tensors start with (SPEC 6 and
 * 7).
 */
sealed interface VaeLayer {
  /** Prefix of the layer's tensors, without the dot. */
  String name();

  /** Adds the layer's own. */
  void declare(ParameterShapes parameters);

  /** Two norm + SiLU + 3x3x3 convolutions beside a shortcut. */
  record Residual(String name, int in, int out) implements VaeLayer {
    @Override
    public void declare(ParameterShapes parameters) {
      parameters
          .add(name + ".residual.0.gamma", in, 1, 1, 1)
          .conv(name + ".residual.2", out, in, 3, 3, 3)
          .add(name + ".residual.3.gamma", out, 1, 1, 1)
          .conv(name + ".residual.6", out, out, 3, 3, 3);
      if (in != out) {
        parameters.conv(name + ".shortcut", out, in, 1, 1, 1);
      }
    }
  }

  /** Single-head attention within each frame. */
  record Attention(String name, int width) implements VaeLayer {
    @Override
    public void declare(ParameterShapes parameters) {
      parameters
          .add(name + ".norm.gamma", width, 1, 1)
          .conv(name + ".to_qkv", 3L * width, width, 1, 1)
          .conv(name + ".proj", width, width, 1, 1);
    }
  }

  /** Halves rows and columns, and frames too if temporal. */
  record Downsample(String name, int width, boolean temporal) implements VaeLayer {
    @Override
    public void declare(ParameterShapes parameters) {
      parameters.conv(name + ".resample.1", width, width, 3, 3);
      if (temporal) {
        parameters.conv(name + ".time_conv", width, width, 3, 1, 1);
      }
    }
  }

  /** Doubles rows and columns, and frames too if temporal. */
  record Upsample(String name, int in, int out, boolean temporal) implements VaeLayer {
    @Override
    public void declare(ParameterShapes parameters) {
      parameters.conv(name + ".resample.1", out, in, 3, 3);
      if (temporal) {
        parameters.conv(name + ".time_conv", 2L * in, in, 3, 1, 1);
      }
    }
  }

  /** Three 3x3 convolutions over a frame and the one before it, beside a shortcut (TAEHV). */
  record Memory(String name, int width) implements VaeLayer {
    @Override
    public void declare(ParameterShapes parameters) {
      parameters
          .conv(name + ".conv.0", width, 2L * width, 3, 3)
          .conv(name + ".conv.2", width, width, 3, 3)
          .conv(name + ".conv.4", width, width, 3, 3);
    }
  }

  /**
   * Doubles rows and columns, and frames too if temporal; neither convolution has a bias (TAEHV).
   *
   * @param name of the 1x1 convolution that makes the frames
   * @param convolution of 3x3 that follows
   */
  record Grow(String name, String convolution, int in, int out, boolean temporal)
      implements VaeLayer {
    @Override
    public void declare(ParameterShapes parameters) {
      parameters
          .add(name + ".conv.weight", (temporal ? 2L : 1L) * in, in, 1, 1)
          .add(convolution + ".weight", out, in, 3, 3);
    }
  }

  /** Layers beside a shortcut. */
  record Stage(String name, List<VaeLayer> layers, VaeShortcut shortcut) implements VaeLayer {
    public Stage {
      layers = List.copyOf(layers);
    }

    @Override
    public void declare(ParameterShapes parameters) {
      layers.forEach(layer -> layer.declare(parameters));
    }
  }
}
