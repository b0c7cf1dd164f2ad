import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import TransferPlanning

/// Completes one staged file: from what is here, then from the source.
struct FileFetch {
    /// Its blob.
    let blob: Descriptor
    /// Whether it may be fetched whole; only a root file is ever refused.
    let policy: FullDownloadPolicy
    /// Parts of a patch for it; only a root file has any.
    var patches: [Manifest.Patch] = []
    /// The hash tree at its end, which is made here; only a root file has one.
    var tree: HashTree?

    /// Is told how far it is; what it throws ends the transfer.
    typealias Observer = (TransferProgress) throws -> Void

    /// Ends a stream when its last missing byte has come.
    private struct EnoughReceived: Error {}

    /// Brings all bytes into place and verifies them.
    ///
    /// However it ends, what arrived is in the journal.
    ///
    /// - Returns: what did not go as it should without being a failure.
    /// - Throws: `FetchError`, the error of the source or of the observer.
    func run(
        _ file: inout StagedFile, _ locals: [FilePath], _ places: ChunkPlaces,
        from source: inout some BlobSource & ~Copyable, _ observer: Observer
    ) throws -> [String] {
        var notes: [String] = []
        do {
            try copy(&file, locals, places, observer)
            if case .ranges = plan(file, places).fetch.decision, !patches.isEmpty {
                let patch = PatchFetch(patches: patches, locals: locals.map { $0.removingLastComponent() })
                notes = try patch.run(&file, from: &source, observer)
            }
            try fetch(&file, from: &source, observer)
            try file.flush()
            if let tree, try !file.append(tree, observer) { try fetch(&file, from: &source, observer) }
            try file.flush()
        } catch {
            // The first error is the one to report; without the flush only bytes are lost.
            try? file.flush()
            throw error
        }
        guard file.isComplete else {
            throw FetchError.corrupted("fetching", file.kind.rawValue, "the source gave fewer bytes than it has to")
        }
        return notes
    }

    /// The plan for the file as it is.
    func plan(_ file: borrowing StagedFile, _ places: ChunkPlaces) -> DeltaPlan {
        DeltaPlan.make(
            file.index, hasIndex: file.hasIndex, places: places, held: file.settled, arrived: file.arrived,
            fetched: file.fetched, policy: policy)
    }

    private func copy(
        _ file: inout StagedFile, _ locals: [FilePath], _ places: ChunkPlaces, _ observer: Observer
    ) throws {
        let plan = plan(file, places)
        try refuse(plan.fetch, file.kind, file.index.size)
        let files = LocalFiles(locals)
        for copy in plan.copies {
            guard let source = files.descriptor(copy.place.file) else { continue }
            // A chunk that is rotten there is fetched like one that nobody has.
            _ = try file.copy(file.index.chunks[copy.chunk], from: source, at: copy.place.offset)
            try report("copying", file, observer)
        }
    }

    private func fetch(
        _ file: inout StagedFile, from source: inout some BlobSource & ~Copyable, _ observer: Observer
    ) throws {
        var plan = FetchPlan.make(
            size: file.index.size, needed: file.needed, fetched: file.fetched, hasIndex: file.hasIndex, policy: policy)
        if case .ranges(let batches) = plan.decision {
            var answer = RangeAnswer.complete
            for batch in batches where answer == .complete { answer = try fetch(batch, &file, from: &source, observer) }
            if answer == .complete { return }
            plan = .withoutRanges(size: file.index.size, needed: file.needed, policy: policy)
        }
        try refuse(plan, file.kind, file.index.size)
        if case .whole(let span, _) = plan.decision { try stream(span, &file, from: &source, observer) }
    }

    private func fetch(
        _ batch: [Range<Int>], _ file: inout StagedFile, from source: inout some BlobSource & ~Copyable,
        _ observer: Observer
    ) throws -> RangeAnswer {
        let answer = try source.read(blob, ranges: batch) { offset, bytes in
            try file.take(bytes, at: offset)
            try report("fetching", file, observer)
        }
        try file.settle()
        return answer
    }

    private func stream(
        _ span: Range<Int>, _ file: inout StagedFile, from source: inout some BlobSource & ~Copyable,
        _ observer: Observer
    ) throws {
        var position = span.lowerBound
        do {
            try source.read(blob, from: span.lowerBound, check: .byReceiver) { bytes in
                let count = min(bytes.count, span.upperBound - position)
                try file.take(bytes.extracting(0..<count), at: position)
                position += count
                try report("fetching", file, observer)
                if position == span.upperBound, position < file.index.size { throw EnoughReceived() }
            }
        } catch is EnoughReceived {}
        try file.settle()
    }

    private func refuse(_ plan: FetchPlan, _ kind: ImageFile, _ size: Int) throws {
        guard case .refused(let reason) = plan.decision else { return }
        let cause =
            switch reason {
            case .noIndex: "there is no chunk index"
            case .mostlyMissing: "more than \(FetchPlan.mostlyMissing) percent of it are not on this machine"
            case .noRanges: "the source gives no ranges"
            }
        throw FetchError.fullDownloadForbidden(kind, cause, bytes: size)
    }

    private func report(_ activity: String, _ file: borrowing StagedFile, _ observer: Observer) throws {
        let done = file.held.count + file.arrived.count
        try observer(TransferProgress("\(activity) \(file.kind.rawValue)", done: done, total: file.index.size))
    }
}

/// Opens local files as they are needed and keeps them open.
private final class LocalFiles {
    private let paths: [FilePath]
    private var open: [Int: OpenFile] = [:]

    private final class OpenFile {
        let file: OwnedDescriptor
        init(_ file: consuming OwnedDescriptor) { self.file = file }
    }

    init(_ paths: [FilePath]) { self.paths = paths }

    /// The open file of that number; nil when it cannot be opened.
    func descriptor(_ number: Int) -> FileDescriptor? {
        if let known = open[number] { return known.file.descriptor }
        guard paths.indices.contains(number) else { return nil }
        do throws(Errno) {
            let opened = OpenFile(try OwnedDescriptor(opening: paths[number]))
            open[number] = opened
            return opened.file.descriptor
        } catch { return nil }
    }
}
