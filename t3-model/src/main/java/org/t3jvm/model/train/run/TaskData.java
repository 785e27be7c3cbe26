package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.DatasetBuilder;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.model.train.data.encode.ClipEncoder;
import org.t3jvm.model.train.data.encode.SizeRule;

/**
 * The clips of a training.
 *
 * @param folders of captioned clips
 * @param cache folder for what is encoded
 */
record TaskData(List<Path> folders, Path cache, DatasetListener listener) {
  /** The clips at the sizes of a rule, encoded. */
  Dataset build(SizeRule rule, ClipEncoder encoder) throws IOException {
    return DatasetBuilder.build(folders, rule, encoder, cache, listener);
  }
}
