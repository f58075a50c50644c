internal import CLinux

/// How the C library keeps memory that was given back.
public enum ProcessMemory {
  /// Keeps the memory of a server small; to be called before the first thread starts.
  ///
  /// Without this, each thread gets an arena of its own, and the size from which blocks are mapped grows with the largest block that was
  /// ever freed, so that the memory of one review of 8 MiB would be kept for good.
  public static func bound() {
    // Two arenas: the loops of a small machine hardly ever meet in one, and each further one costs memory. Blocks from 256 KiB on are
    // given back at once: reviews of pods take 8 KB. Half a MiB at the end of an arena saves growing it again at once.
    clinux_bound_heap(2, 256 << 10, 512 << 10)
  }
}
