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

  /// Lets go of what only the start needed; to be called once, when the process is ready for its work.
  ///
  /// Loading and starting touch most tables of the program and its libraries, and the kernel maps 16 pages for each one that is touched.
  /// Those pages are clean: they go at once, and what the work needs comes back from the page cache, page by page.
  public static func forgetStart() {
    clinux_trim_heap()
    for range in codeRanges() {
      let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound)
      unsafe madvise(start, range.count, MADV_RANDOM)
      unsafe madvise(start, range.count, MADV_DONTNEED)
    }
  }

  /// Where the executable parts of files are mapped, from proc_pid_maps(5).
  ///
  /// Only parts that may not be written: with others, and with constants that were relocated, the pages are not those of the file.
  private static func codeRanges() -> [Range<UInt>] {
    var bytes = [UInt8](repeating: 0, count: 256 * 1024)
    let descriptor = unsafe open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var count = 0
    while count < bytes.count {
      let room = count
      let more = unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe read(descriptor, bytes.baseAddress.map { unsafe $0 + room }, bytes.count - room)
      }
      guard more > 0 else { break }
      count += more
    }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").compactMap(codeRange)
  }

  private static func codeRange(_ line: Substring) -> Range<UInt>? {
    let fields = line.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
    let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
  }
}
