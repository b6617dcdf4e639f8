package import Records

extension SnapshotEncoder: RecordSink {}
