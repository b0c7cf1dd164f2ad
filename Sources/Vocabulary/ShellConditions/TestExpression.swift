/// What `test` is asked.
indirect enum TestExpression: Equatable, Sendable {
    case constant(Bool)
    case file(FileQuestion, ConditionPath)
    case not(TestExpression)
    case all([TestExpression])
    case any([TestExpression])

    func holds(in files: some ConditionFiles) -> Bool {
        switch self {
        case .constant(let value): value
        case .file(let question, let path): question.holds(for: path.attributes(in: files))
        case .not(let expression): !expression.holds(in: files)
        case .all(let parts): parts.allSatisfy { $0.holds(in: files) }
        case .any(let parts): parts.contains { $0.holds(in: files) }
        }
    }
}

/// The operators of `test` that look at a file.
enum FileQuestion: String, Sendable {
    case exists = "-e"
    case isRegular = "-f"
    case isFolder = "-d"
    case isReadable = "-r"
    case isWritable = "-w"
    case isExecutable = "-x"
    case hasSize = "-s"
    case isLink = "-L"
    case isLinkToo = "-h"

    func holds(for file: FileAttributes?) -> Bool {
        if self == .isLink || self == .isLinkToo { return file?.isLink ?? false }
        guard let target = file?.target else { return false }
        return switch self {
        case .exists: true
        case .isRegular: target.kind == .regular
        case .isFolder: target.kind == .folder
        case .isReadable: target.isReadable
        case .isWritable: target.isWritable
        case .isExecutable: target.isExecutable
        case .hasSize: target.size > 0
        case .isLink, .isLinkToo: false
        }
    }
}
