import Glibc

/// How the C library keeps memory that was given back.
enum ProcessMemory {
  /// Keeps the memory of a server small; to be called before the first thread starts.
  ///
  /// Without this, each thread gets an arena of its own and the threshold for mapped blocks grows with the largest body that was ever
  /// freed, so that one 8 MiB review would stay in memory for good.
  static func bound() {
    // Two: the loops share one lock seldom enough, and a third arena would cost more memory than it saves time.
    mallopt(M_ARENA_MAX, 2)
    // Bodies beyond this are mapped and given back at once; the reviews of pods (8 KB) stay far below.
    mallopt(M_MMAP_THRESHOLD, 256 << 10)
    mallopt(M_TRIM_THRESHOLD, 512 << 10)
  }
}
