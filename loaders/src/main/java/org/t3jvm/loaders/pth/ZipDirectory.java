package org.t3jvm.loaders.pth;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.text.Messages;

/**
 * The entries of a zip file whose entries are all stored, zip64 included. Sizes come from the
 * central directory and data offsets from the local headers (SPEC 14). Checksums are not compared:
 * that would read every byte of a file that is meant to be mapped, and torch can be set to leave
 * them out.
 */
final class ZipDirectory {
  /** A stored entry: {@code size} bytes at {@code offset} of the file. */
  record Entry(String name, long headerOffset, long offset, long size) {
    long end() {
      return offset + size;
    }
  }

  private static final int LOCAL_SIGNATURE = 0x04034B50;
  private static final int CENTRAL_SIGNATURE = 0x02014B50;
  private static final int END_SIGNATURE = 0x06054B50;
  private static final int END64_SIGNATURE = 0x06064B50;
  private static final int LOCATOR64_SIGNATURE = 0x07064B50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR64_BYTES = 20;
  private static final int ENCRYPTED = 1;
  private static final int ZIP64_EXTRA = 1;
  private static final long U32_MAX = 0xFFFFFFFFL;
  private static final int U16_MAX = 0xFFFF;
  private static final long ENTRY_BYTES = 260;

  private final MappedFile file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long directoryOffset;
  private long directoryBytes;
  private long count;

  private ZipDirectory(MappedFile file) {
    this.file = file;
  }

  /** The entries of {@code file} by name, in directory order. */
  static Map<String, Entry> read(MappedFile file) throws CheckpointException {
    ZipDirectory directory = new ZipDirectory(file);
    directory.locate();
    directory.readEntries();
    directory.checkDisjoint();
    return Collections.unmodifiableMap(directory.entries);
  }

  private void locate() throws CheckpointException {
    long end = findEnd();
    count = file.u16(end + 10);
    directoryBytes = file.u32(end + 12);
    directoryOffset = file.u32(end + 16);
    long limit = end;
    long locator = end - LOCATOR64_BYTES;
    boolean sentinel = count == U16_MAX || directoryBytes == U32_MAX || directoryOffset == U32_MAX;
    if (sentinel && locator >= 0 && file.u32(locator) == LOCATOR64_SIGNATURE) {
      long end64 = file.i64(locator + 8);
      if (end64 < 0 || end64 > locator - END64_BYTES || file.u32(end64) != END64_SIGNATURE) {
        throw file.error("the zip64 locator points at no zip64 end record; damaged or truncated");
      }
      count = file.i64(end64 + 32);
      directoryBytes = file.i64(end64 + 40);
      directoryOffset = file.i64(end64 + 48);
      limit = end64;
    }
    if (directoryOffset < 0
        || directoryBytes < 0
        || directoryOffset > limit
        || directoryBytes > limit - directoryOffset) {
      throw file.error(
          "the zip directory claims bytes [%s, + %s) of a file of %d bytes"
              .formatted(
                  Long.toUnsignedString(directoryOffset),
                  Long.toUnsignedString(directoryBytes),
                  file.size()));
    }
    if (count < 0 || count > directoryBytes / CENTRAL_BYTES) {
      throw file.error(
          "the zip directory claims %s entries in %d bytes"
              .formatted(Long.toUnsignedString(count), directoryBytes));
    }
  }

  private long findEnd() throws CheckpointException {
    long last = file.size() - END_BYTES;
    for (long at = last; at >= 0 && at >= last - U16_MAX; at--) {
      if (file.u32(at) == END_SIGNATURE && at + END_BYTES + file.u16(at + 20) == file.size()) {
        return at;
      }
    }
    throw file.error("begins as a zip file but has no zip directory at its end; it is truncated");
  }

  private void readEntries() throws CheckpointException {
    long at = directoryOffset;
    long limit = directoryOffset + directoryBytes;
    for (long i = 0; i < count; i++) {
      if (at > limit - CENTRAL_BYTES || file.u32(at) != CENTRAL_SIGNATURE) {
        throw file.error("zip directory entry %d of %d is damaged".formatted(i + 1, count));
      }
      int nameBytes = file.u16(at + 28);
      int extraBytes = file.u16(at + 30);
      long next = at + CENTRAL_BYTES + nameBytes + extraBytes + file.u16(at + 32);
      if (next > limit) {
        throw file.error(
            "zip directory entry %d of %d runs past the directory".formatted(i + 1, count));
      }
      file.allowDescription(ENTRY_BYTES + 3L * nameBytes);
      String name = file.text(at + CENTRAL_BYTES, nameBytes);
      Entry entry = entry(name, at, nameBytes, extraBytes);
      if (entries.put(name, entry) != null) {
        throw error(name, "appears twice");
      }
      at = next;
    }
    if (at != limit) {
      throw file.error(
          "the zip directory has %d bytes after its %d entries".formatted(limit - at, count));
    }
  }

  private Entry entry(String name, long at, int nameBytes, int extraBytes)
      throws CheckpointException {
    int flags = file.u16(at + 8);
    int method = file.u16(at + 10);
    if ((flags & ENCRYPTED) != 0) {
      throw error(name, "is encrypted; torch.save writes plain entries");
    }
    if (method != 0) {
      throw error(
          name,
          "is compressed (method %d); torch.save stores entries, so repack with zip -0"
              .formatted(method));
    }
    long packed = file.u32(at + 20);
    long size = file.u32(at + 24);
    long header = file.u32(at + 42);
    long extra = at + CENTRAL_BYTES + nameBytes;
    long wide = zip64Extra(extra, extra + extraBytes);
    long wideEnd = wide < 0 ? wide : wide + file.u16(wide - 2);
    if (size == U32_MAX) {
      size = wideField(name, wide, wideEnd);
      wide += Long.BYTES;
    }
    if (packed == U32_MAX) {
      packed = wideField(name, wide, wideEnd);
      wide += Long.BYTES;
    }
    if (header == U32_MAX) {
      header = wideField(name, wide, wideEnd);
    }
    if (packed != size) {
      throw error(
          name,
          "is stored, but its sizes differ: %s and %s bytes"
              .formatted(Long.toUnsignedString(packed), Long.toUnsignedString(size)));
    }
    return located(name, header, size, nameBytes, at);
  }

  private Entry located(String name, long header, long size, int nameBytes, long at)
      throws CheckpointException {
    if (header < 0
        || header > directoryOffset - LOCAL_BYTES
        || file.u32(header) != LOCAL_SIGNATURE) {
      throw error(
          name,
          "has no local header at byte %s, where the directory says"
              .formatted(Long.toUnsignedString(header)));
    }
    long offset = header + LOCAL_BYTES + file.u16(header + 26) + file.u16(header + 28);
    boolean sameName =
        file.u16(header + 26) == nameBytes
            && offset <= directoryOffset
            && file.slice(header + LOCAL_BYTES, nameBytes)
                    .mismatch(file.slice(at + CENTRAL_BYTES, nameBytes))
                == -1;
    if (!sameName) {
      throw error(name, "has a local header with another name");
    }
    if (size < 0 || size > directoryOffset - offset) {
      throw error(
          name,
          "claims %s bytes from byte %d, but entries end at byte %d of the file"
              .formatted(Long.toUnsignedString(size), offset, directoryOffset));
    }
    return new Entry(name, header, offset, size);
  }

  private long zip64Extra(long from, long limit) {
    long at = from;
    while (at <= limit - 4) {
      int bytes = file.u16(at + 2);
      if (bytes > limit - at - 4) {
        return -1;
      }
      if (file.u16(at) == ZIP64_EXTRA) {
        return at + 4;
      }
      at += 4 + bytes;
    }
    return -1;
  }

  private long wideField(String name, long at, long end) throws CheckpointException {
    if (at < 0 || at > end - Long.BYTES) {
      throw error(name, "lacks the zip64 field that its sizes require");
    }
    return file.i64(at);
  }

  private void checkDisjoint() throws CheckpointException {
    Entry[] ordered = entries.values().toArray(new Entry[0]);
    Arrays.sort(ordered, Comparator.comparingLong(Entry::headerOffset));
    for (int i = 1; i < ordered.length; i++) {
      if (ordered[i].headerOffset() < ordered[i - 1].end()) {
        throw error(
            ordered[i].name(), "overlaps the entry " + Messages.quote(ordered[i - 1].name()));
      }
    }
  }

  private CheckpointException error(String name, String what) {
    return file.error("zip entry " + Messages.quote(name) + " " + what);
  }
}
