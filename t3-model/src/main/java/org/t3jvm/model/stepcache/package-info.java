/**
 * Step caches (SPEC 18): they decide at which denoising steps the model's answer would differ
 * little from the one before, and take that instead of computing it.
 */
@NullMarked
package org.t3jvm.model.stepcache;

import org.jspecify.annotations.NullMarked;
