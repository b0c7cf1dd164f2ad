import SystemPackage

@testable import CommandOutput

/// Keeps what a command tells.
final class Paper {
    /// What went to standard output.
    private(set) var results = ""
    /// What went to standard error.
    private(set) var remarks = ""
    /// After how many writes standard output takes no more; nil for never.
    var room: Int?
    /// The time that the command sees.
    var time = Duration.zero

    /// The output of a command named `program` onto this paper.
    func output(_ style: OutputStyle) -> Output {
        let streams = OutputStreams(
            result: { [self] (text) throws(Errno) in
                if let room {
                    guard room > 0 else { throw .noSpace }
                    self.room = room - 1
                }
                results += text
            },
            remark: { [self] in remarks += $0 })
        return Output("program", style, to: streams, now: { [self] in time })
    }
}
