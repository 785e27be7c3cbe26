package org.t3jvm.loaders.pth;

/** What is wrong with a tensor that a pickle describes; the reader adds the file and the name. */
final class MalformedTensorException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedTensorException(String message) {
    super(message);
  }
}
