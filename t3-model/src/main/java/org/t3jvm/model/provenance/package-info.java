/**
 * What a finished video records: prompt, seed, model and settings, and the command that makes it
 * again.
 */
@NullMarked
package org.t3jvm.model.provenance;

import org.jspecify.annotations.NullMarked;
