package org.t3jvm.model.warm;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.Program;

/**
 * Programs that are closed together, the last one first: all of them, even if closing one fails.
 */
public final class ProgramStack implements AutoCloseable {
  private final Deque<Program> programs = new ArrayDeque<>();

  /** Adds a program, and gives it back. */
  public Program push(Program program) {
    programs.push(program);
    return program;
  }

  /** Closes all programs after a failure, which takes those of closing as suppressed. */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Closes all programs; the first failure is thrown, with the others in it as suppressed. */
  @Override
  public void close() {
    @Nullable RuntimeException failure = null;
    while (!programs.isEmpty()) {
      try {
        programs.pop().close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
