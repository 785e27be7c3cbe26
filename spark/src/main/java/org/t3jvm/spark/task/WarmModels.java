package org.t3jvm.spark.task;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import org.t3jvm.T3;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.spark.files.NodeCache;

/** The open models of this executor: one for each device, which stays open from task to task. */
public final class WarmModels {
  private static final Logger LOG = System.getLogger(WarmModels.class.getName());
  private static final Map<Key, T3> OPEN = new HashMap<>();
  private static int opened;

  private record Key(ModelSource.Uris model, RunOptions options) {}

  private WarmModels() {}

  /**
   * A model, which is copied to this node and opened if it is not open yet.
   *
   * @throws IOException if it is not there
   */
  static synchronized T3 get(ModelSource.Uris model, RunOptions options, NodeCache cache)
      throws IOException {
    Key key = new Key(model, options);
    T3 known = OPEN.get(key);
    if (known == null) {
      known = T3.open(model.at(cache::local), options, note -> LOG.log(Level.INFO, note));
      opened++;
      OPEN.put(key, known);
    }
    return known;
  }

  /** How many times a model was opened in this process. */
  static synchronized int opened() {
    return opened;
  }

  /** Closes the models of this process. */
  public static synchronized void close() throws IOException {
    for (T3 t3 : OPEN.values()) {
      t3.close();
    }
    OPEN.clear();
  }
}
