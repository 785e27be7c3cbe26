/** The library as a program outside the project uses it. */
@org.jspecify.annotations.NullMarked
package org.t3jvm.bench.library;
