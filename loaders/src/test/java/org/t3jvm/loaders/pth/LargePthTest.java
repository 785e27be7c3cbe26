package org.t3jvm.loaders.pth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.Shape;

/**
 * A file of more than 4 GiB with one storage of more than 4 GiB, laid out as torch does (sparse).
 */
class LargePthTest {
  private static final long BYTES = (4L << 30) + (64 << 20);

  @TempDir Path folder;

  @Test
  void storagesAndOffsetsBeyondFourGibibytesAreRead() throws IOException {
    Path path = folder.resolve("large.pth");
    List<TensorInfo> tensors =
        List.of(
            new TensorInfo("big", StoredType.U8, Shape.of(BYTES / 1024, 1024), BYTES),
            new TensorInfo("end", StoredType.I64, Shape.of(1), 8));
    byte[] pickle = PickleWriter.write(tensors);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      local(file, "m/data.pkl");
      file.write(pickle);
      long big = file.getFilePointer();
      local(file, "m/data/0");
      file.seek(file.getFilePointer() + BYTES - 1);
      file.write(77);
      long end = file.getFilePointer();
      local(file, "m/data/1");
      file.writeLong(Long.reverseBytes(-12345678901L));
      long directory = file.getFilePointer();
      central(file, "m/data.pkl", pickle.length, 0);
      central(file, "m/data/0", BYTES, big);
      central(file, "m/data/1", 8, end);
      long after = file.getFilePointer();
      byte[] bytes = new byte[56 + 20 + 22];
      ByteBuffer records = little(bytes);
      records.putInt(0x06064B50).putLong(44).putInt(0).putInt(0).putInt(0);
      records.putLong(3).putLong(3).putLong(after - directory).putLong(directory);
      records.putInt(0x07064B50).putInt(0).putLong(after).putInt(1);
      records.putInt(0x06054B50).putInt(0).putInt(-1).putInt(-1).putInt(-1);
      file.write(bytes);
    }
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.tensor("big").shape()).isEqualTo(Shape.of(BYTES / 1024, 1024));
      assertThat(file.tensor("big").getLong(BYTES - 1)).isEqualTo(77);
      assertThat(file.tensor("big").getLong(BYTES - 2)).isZero();
      assertThat(file.tensor("end").getLong(0)).isEqualTo(-12345678901L);
    }
  }

  /** A local header as torch's: sizes are left to the directory. */
  private static void local(RandomAccessFile file, String name) throws IOException {
    byte[] bytes = new byte[30 + name.length()];
    ByteBuffer header = little(bytes);
    header.putInt(0x04034B50).putShort((short) 45).putShort((short) 0x808);
    header.putShort(26, (short) name.length());
    header.put(30, name.getBytes(StandardCharsets.US_ASCII));
    file.write(bytes);
  }

  private static void central(RandomAccessFile file, String name, long size, long offset)
      throws IOException {
    byte[] bytes = new byte[46 + name.length() + 28];
    ByteBuffer header = little(bytes);
    header.putInt(0x02014B50).putShort((short) 45).putShort((short) 45).putShort((short) 0x808);
    header.putInt(20, -1).putInt(24, -1);
    header.putShort(28, (short) name.length()).putShort(30, (short) 28).putInt(42, -1);
    header.put(46, name.getBytes(StandardCharsets.US_ASCII)).position(46 + name.length());
    header.putShort((short) 1).putShort((short) 24).putLong(size).putLong(size).putLong(offset);
    file.write(bytes);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
