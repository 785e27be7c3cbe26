/**
 * What the file formats share: mapped files with bounded allocation, atomic output files, hashes,
 * JSON parsing limits and the wording of messages.
 */
@NullMarked
package org.t3jvm.loaders.io;

import org.jspecify.annotations.NullMarked;
