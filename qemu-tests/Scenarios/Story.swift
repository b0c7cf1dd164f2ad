import Foundation

/// Tells the story of a demonstration, a line at a time, to the file that `scripts/demo` shows.
final class Story: Sendable {
    /// The file, a pipe; nil unless `make demo` runs.
    static let path = ProcessInfo.processInfo.environment["LIFEBOOT_DEMO_STORY"]
    /// Where the pictures go.
    static let pictures = ProcessInfo.processInfo.environment["LIFEBOOT_DEMO_PICTURES"] ?? "/tmp"

    /// The seconds that each chapter takes on two quiet processors without KVM, as measured.
    private static let chapters = [2, 22, 30, 70, 30, 35, 35, 75]

    private let start = Date()

    /// Begins a chapter, counted from one.
    func chapter(_ number: Int, _ text: String) {
        let left = Self.chapters.dropFirst(number - 1).reduce(0, +)
        tell("\n\(number) of \(Self.chapters.count): \(text)  (about \((left + 30) / 60) min to go)")
    }

    /// Tells lines.
    func tell(_ text: String) {
        guard let path = Self.path, let file = FileHandle(forWritingAtPath: path) else { return }
        defer { try? file.close() }
        let seconds = Int(Date().timeIntervalSince(start))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = String(format: "%4d s  ", seconds)
        let rest = String(repeating: " ", count: head.count)
        let told = lines.enumerated().map { ($0 == 0 ? head : rest) + $1 }.joined(separator: "\n") + "\n"
        try? file.write(contentsOf: Data(told.utf8))
    }

    /// Runs a command in a guest, and tells what it said.
    func run(_ command: String, in guest: Guest, within limit: Duration = .seconds(120)) async throws {
        tell("$ \(command)\n" + (try await guest.output(of: command, within: limit)))
    }

    /// Takes a picture of a guest's screen.
    func picture(_ name: String, of guest: Guest) async throws {
        let file = "\(Self.pictures)/\(name).png"
        try await guest.saveScreen(to: file)
        tell("Picture of the screen: \(file)")
    }
}
