package org.t3jvm.loaders.convert;

import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.ElementWriter;

/** A checkpoint's tensors with other elements, made while they are written. */
public interface Conversion extends ElementWriter {
  /** The tensors that there will be, in the checkpoint's order. */
  List<TensorInfo> layout();

  /** The text beside the tensors. */
  Map<String, String> metadata();
}
