package org.t3jvm.loaders.pth;

/** Torch files around a given pickle, for tests outside this package. */
public final class TorchFiles {
  private TorchFiles() {}

  /** A file of one pickle and no storage. */
  public static byte[] ofPickle(byte[] pickle) {
    return new ZipBuilder().add("m/data.pkl", pickle).build();
  }

  /** A file of that many empty storages, which its pickle does not mention. */
  public static byte[] manyEntries(int count) {
    ZipBuilder zip = new ZipBuilder().add("m/data.pkl", new PickleBuilder().ops("}.").bytes());
    for (int i = 1; i < count; i++) {
      zip.add("m/data/" + i, new byte[0]);
    }
    return zip.build();
  }
}
