package org.t3jvm.model.state;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Passes everything on to the machine's provider, unless the {@link FaultyDisk} fails. */
final class FaultyProvider extends FileSystemProvider {
  private final FaultyDisk disk;
  private final FaultyFileSystem system;

  FaultyProvider(FaultyDisk disk, FaultyFileSystem system) {
    this.disk = disk;
    this.system = system;
  }

  private FileSystemProvider provider(Path path) {
    return FaultyPath.real(path).getFileSystem().provider();
  }

  private void change(Path path) throws IOException {
    disk.change(path.toString());
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.WRITE)) {
      change(path);
    }
    disk.requireAlive();
    FileChannel real = provider(path).newFileChannel(FaultyPath.real(path), options, attributes);
    disk.opened(real);
    return new FaultyChannel(disk, path.toString(), real);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  /** The stream that is returned closes the real one. */
  @Override
  @SuppressWarnings("StreamResourceLeak")
  public DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
    disk.requireAlive();
    DirectoryStream<Path> real =
        Files.newDirectoryStream(
            FaultyPath.real(dir), path -> filter.accept(new FaultyPath(system, path)));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return StreamSupport.stream(real.spliterator(), false)
            .map(path -> (Path) new FaultyPath(system, path))
            .iterator();
      }

      @Override
      public void close() throws IOException {
        real.close();
      }
    };
  }

  @Override
  public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
    change(dir);
    provider(dir).createDirectory(FaultyPath.real(dir), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.requireAlive();
    provider(path).checkAccess(FaultyPath.real(path));
    change(path);
    provider(path).delete(FaultyPath.real(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    change(target);
    provider(source).copy(FaultyPath.real(source), FaultyPath.real(target), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    change(target);
    provider(source).move(FaultyPath.real(source), FaultyPath.real(target), options);
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return Files.isSameFile(FaultyPath.real(path), FaultyPath.real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return Files.isHidden(FaultyPath.real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return Files.getFileStore(FaultyPath.real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    disk.requireAlive();
    provider(path).checkAccess(FaultyPath.real(path), modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return provider(path).getFileAttributeView(FaultyPath.real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    disk.requireAlive();
    return provider(path).readAttributes(FaultyPath.real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return provider(path).readAttributes(FaultyPath.real(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    change(path);
    provider(path).setAttribute(FaultyPath.real(path), attribute, value, options);
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }
}
