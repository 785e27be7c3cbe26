/**
 * What the file formats share: mapped files with bounded allocation, atomic output files, hashes
 * and JSON parsing limits.
 */
@NullMarked
package org.t3jvm.loaders.io;

import org.jspecify.annotations.NullMarked;
