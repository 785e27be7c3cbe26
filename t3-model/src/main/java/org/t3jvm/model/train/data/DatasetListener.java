package org.t3jvm.model.train.data;

/** Follows how data are prepared. */
public interface DatasetListener {
  /** Follows nothing. */
  DatasetListener NONE =
      new DatasetListener() {
        @Override
        public void skipped(SkippedRow row) {}

        @Override
        public void prepared(int rows, int of) {}
      };

  /** A row cannot be trained on. */
  void skipped(SkippedRow row);

  /** So many rows are done, whether skipped, encoded or found encoded. */
  void prepared(int rows, int of);
}
