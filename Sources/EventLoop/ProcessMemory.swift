internal import CLinux
internal import Glibc

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

  /// Lets go of what the work at hand does not need: free memory in the heap, and the tables and code of the program and its libraries.
  ///
  /// Loading, starting and each burst of work touch most of the program, and the kernel maps 16 pages for each one that is touched.
  /// Pages that are as they are in the files go at once, and what the work needs comes back from the page cache. That and walking the
  /// heap cost some milliseconds, so it is for the end of the start and for ``QuietMoments``.
  public static func forgetUnused() {
    clinux_trim_heap()
    for range in MappedFile.unchanged(in: MappedFile.readMappings()) {
      let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound)
      unsafe madvise(start, range.count, MADV_RANDOM)
      unsafe madvise(start, range.count, MADV_DONTNEED)
    }
  }
}
