package org.t3jvm.loaders.pth;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.AtomicFile;

/**
 * Appends stored entries to a zip file, each beginning at a multiple of 64 bytes, as torch lays
 * them out (SPEC 14). Sizes and offsets of 4 GiB and more, and more than 65,534 entries, use zip64.
 */
final class ZipWriter {
  private static final int ALIGNMENT = 64;
  private static final long CHUNK = 64L << 20;
  private static final long U32_MAX = 0xFFFFFFFFL;
  private static final int U16_MAX = 0xFFFF;
  private static final int ZIP64_VERSION = 45;
  private static final int UTF8_NAMES = 0x800;
  // 1 January 1980: the same content gives the same file.
  private static final int DATE = 1 << 5 | 1;

  private record Written(String name, long headerOffset, long size, long crc) {}

  private final AtomicFile file;
  private final List<Written> written = new ArrayList<>();
  // Values from here on are written as zip64; lower in tests, which cannot write 4 GiB.
  private final long wideFrom;

  ZipWriter(AtomicFile file, long wideFrom) {
    this.file = file;
    this.wideFrom = wideFrom;
  }

  ZipWriter(AtomicFile file) {
    this(file, U32_MAX);
  }

  /** Appends an entry. */
  void add(String name, MemorySegment bytes) throws CheckpointException {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    Written entry = new Written(name, file.position(), bytes.byteSize(), crc(bytes));
    boolean wide = entry.size >= wideFrom;
    int extra = padding(utf8.length, wide) + 4 + (wide ? 20 : 0);
    ByteBuffer header = little(30 + utf8.length + extra);
    header.putInt(0x04034B50);
    putCommon(header, wide, entry, utf8.length);
    header.putShort((short) extra).put(utf8);
    if (wide) {
      header.putShort((short) 1).putShort((short) 16).putLong(entry.size).putLong(entry.size);
    }
    byte[] fill = new byte[header.remaining() - 4];
    Arrays.fill(fill, (byte) 'Z');
    header.put((byte) 'F').put((byte) 'B').putShort((short) fill.length).put(fill);
    file.write(MemorySegment.ofBuffer(header.flip()));
    file.write(bytes);
    written.add(entry);
  }

  private int padding(int nameBytes, boolean wide) {
    long data = file.position() + 30 + nameBytes + 4 + (wide ? 20 : 0);
    return (int) (-data & (ALIGNMENT - 1));
  }

  private static void putCommon(ByteBuffer header, boolean wide, Written entry, int nameBytes) {
    int size = wide ? -1 : (int) entry.size;
    header
        .putShort((short) (wide ? ZIP64_VERSION : 20))
        .putShort((short) UTF8_NAMES)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) DATE)
        .putInt((int) entry.crc)
        .putInt(size)
        .putInt(size)
        .putShort((short) nameBytes);
  }

  private static long crc(MemorySegment bytes) {
    CRC32 crc = new CRC32();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      crc.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
    return crc.getValue();
  }

  /** Writes the directory; no entry can follow. */
  void finish() throws CheckpointException {
    long start = file.position();
    for (Written entry : written) {
      writeDirectoryEntry(entry);
    }
    long bytes = file.position() - start;
    boolean wide = start >= wideFrom || bytes >= wideFrom || written.size() >= U16_MAX;
    if (wide) {
      writeZip64End(start, bytes);
    }
    ByteBuffer end = little(22);
    end.putInt(0x06054B50).putShort((short) 0).putShort((short) 0);
    short count = (short) (wide ? U16_MAX : written.size());
    end.putShort(count).putShort(count);
    end.putInt(wide ? -1 : (int) bytes).putInt(wide ? -1 : (int) start).putShort((short) 0);
    file.write(MemorySegment.ofBuffer(end.flip()));
  }

  private void writeDirectoryEntry(Written entry) throws CheckpointException {
    byte[] utf8 = entry.name.getBytes(StandardCharsets.UTF_8);
    boolean wideSize = entry.size >= wideFrom;
    boolean wideOffset = entry.headerOffset >= wideFrom;
    int wideBytes = (wideSize ? 16 : 0) + (wideOffset ? 8 : 0);
    int extra = wideBytes == 0 ? 0 : 4 + wideBytes;
    ByteBuffer header = little(46 + utf8.length + extra);
    header.putInt(0x02014B50).putShort((short) ZIP64_VERSION);
    putCommon(header, wideSize, entry, utf8.length);
    header.putShort((short) extra).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    header.putInt(0).putInt(wideOffset ? -1 : (int) entry.headerOffset).put(utf8);
    if (extra > 0) {
      header.putShort((short) 1).putShort((short) wideBytes);
      if (wideSize) {
        header.putLong(entry.size).putLong(entry.size);
      }
      if (wideOffset) {
        header.putLong(entry.headerOffset);
      }
    }
    file.write(MemorySegment.ofBuffer(header.flip()));
  }

  private void writeZip64End(long start, long bytes) throws CheckpointException {
    long position = file.position();
    ByteBuffer end = little(56 + 20);
    end.putInt(0x06064B50).putLong(44);
    end.putShort((short) ZIP64_VERSION).putShort((short) ZIP64_VERSION).putInt(0).putInt(0);
    end.putLong(written.size()).putLong(written.size()).putLong(bytes).putLong(start);
    end.putInt(0x07064B50).putInt(0).putLong(position).putInt(1);
    file.write(MemorySegment.ofBuffer(end.flip()));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
