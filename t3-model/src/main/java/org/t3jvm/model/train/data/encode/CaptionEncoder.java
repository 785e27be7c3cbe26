package org.t3jvm.model.train.data.encode;

import org.t3jvm.tensor.Tensor;

/** Turns captions into what a transformer is trained with. */
public interface CaptionEncoder extends AutoCloseable {
  /** What the result depends on besides the text. */
  String identity();

  /** Context rows F32 [n, dim] of a caption's n tokens, or their ids I64 [n]. */
  Tensor encode(String text);

  @Override
  void close();
}
