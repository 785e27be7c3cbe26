package org.t3jvm.model.train.data;

import java.nio.file.Path;

/**
 * One row of a folder's metadata.
 *
 * @param file the video, folder of frames or image
 * @param text its caption
 * @param where the metadata's name and line, for messages
 */
record DataRow(Path file, String text, String where) {}
