package org.t3jvm.tensor.backend;

import java.util.Map;
import org.t3jvm.tensor.Tensor;

/**
 * A sequence of runs, of one program or several of one backend, in which each run starts from what
 * the one before it left: an output that the caller does not take is the next run's input of the
 * same name. A device may keep such values in its own memory.
 */
public interface Carry extends AutoCloseable {
  /**
   * Runs a program once, as {@link Program#run(Map, Map, RegionListener)} does.
   *
   * @param inputs tensors of some inputs; the others are what the run before left under their
   *     names, or zeros if it left nothing
   * @param outputs tensors to fill for some outputs; the others are left to the next run
   * @throws BackendException as a run's, or if an input is of another dtype or shape than what was
   *     left; what the run before left is lost then
   */
  void run(
      Program program,
      Map<String, Tensor> inputs,
      Map<String, Tensor> outputs,
      RegionListener listener);

  /**
   * What the last run left, by name; the tensors may change with the next run, and are freed by
   * {@link #restore} and {@link #close}.
   */
  Map<String, Tensor> state();

  /**
   * The next run starts from copies of these tensors, or from nothing if there are none; what the
   * runs before left is freed.
   */
  void restore(Map<String, Tensor> state);

  /** Frees what is left. */
  @Override
  void close();
}
